import { Button, Icon } from '@ui';
import { useTranslation } from 'react-i18next';

export interface Warning {
  id: 'attachment' | 'greeting' | 'newer' | 'typing' | 'internal' | 'placeholder' | 'recipients' | 'empty' | 'uploading' | 'upload_failed' | 'failed';
  text?: string;
}
/** Warnings that one may send in spite of. */
const ASKS = ['attachment', 'greeting', 'newer', 'typing', 'internal', 'placeholder'];

/** Why a message has not left, and the way on. */
export function ComposerWarning({ warning, onSure, onDismiss }: { warning: Warning; onSure: () => void; onDismiss: () => void }) {
  const { t } = useTranslation();
  const asks = ASKS.includes(warning.id);
  return (
    <div className="comp-warn">
      <Icon name="alert" />
      <span>{warning.text ?? t(`app.warn.${warning.id}`)}</span>
      <Button size="s" kind="quiet" onPress={onDismiss}>
        {asks ? t('app.warn.back') : t('app.close')}
      </Button>
      {asks ? (
        <Button size="s" onPress={onSure}>
          {t('app.warn.sure')}
        </Button>
      ) : null}
    </div>
  );
}
