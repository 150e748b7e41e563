import { toast } from '@ui';
import { useTranslation } from 'react-i18next';
import { Confirm } from './confirm';

interface Removal {
  isPending: boolean;
  error: unknown;
  reset: () => void;
  mutate: (id: string, options: { onSuccess: () => void }) => void;
}

/** Asks before one thing of a list is removed, removes it, and says so. */
export function RemoveDialog<T extends { id: string }>({
  item,
  removal,
  words,
  onClose,
}: {
  item: T | null;
  removal: Removal;
  words: { title: (item: T) => string; text: string; done: (item: T) => string; action?: string };
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const close = () => {
    removal.reset();
    onClose();
  };
  return (
    <Confirm
      title={item ? words.title(item) : ''}
      text={words.text}
      action={words.action ?? t('settings.remove')}
      isOpen={item !== null}
      isPending={removal.isPending}
      error={removal.error}
      onClose={close}
      onDo={() =>
        item &&
        removal.mutate(item.id, {
          onSuccess: () => {
            toast(words.done(item));
            onClose();
          },
        })
      }
    />
  );
}
