import { Button, Empty } from '@ui';
import { useTranslation } from 'react-i18next';
import { problemText } from './problem-text';

/** In place of something that could not be loaded: what happened, and a way on. */
export function Broken({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="broken" role="alert">
      <Empty
        icon="alert"
        title={t('app.broken.title')}
        action={
          <Button kind="primary" icon="refresh" onPress={onRetry}>
            {t('app.broken.retry')}
          </Button>
        }
      >
        {problemText(t, error)}
      </Empty>
    </div>
  );
}
