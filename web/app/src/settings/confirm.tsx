import { Banner, Button, Dialog } from '@ui';
import { useTranslation } from 'react-i18next';
import { generalText } from '../form/problems';

/** Asks before something that cannot be taken back. */
export function Confirm({
  title,
  text,
  action,
  isOpen,
  isPending,
  error,
  onDo,
  onClose,
}: {
  title: string;
  text: string;
  action: string;
  isOpen: boolean;
  isPending: boolean;
  error: unknown;
  onDo: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button kind="quiet" onPress={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="danger" isPending={isPending} onPress={onDo}>
            {action}
          </Button>
        </>
      }
    >
      <p className="dim">{text}</p>
      {error ? <Banner tone="bad">{generalText(t, error)}</Banner> : null}
    </Dialog>
  );
}
