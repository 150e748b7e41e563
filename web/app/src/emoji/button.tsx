import { IconButton } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';

const Picker = lazy(() => import('./picker'));

/** Opens the emoji. */
export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <IconButton icon="smile" label={t('app.emoji.label')} iconSize={16} tip={false} />
      <Popover className="pop" placement="top start" offset={4}>
        <Dialog aria-label={t('app.emoji.label')} className="menu-dialog">
          <Suspense fallback={<div className="emoji-pick" />}>
            <Picker
              onPick={(emoji) => {
                setOpen(false);
                onPick(emoji);
              }}
            />
          </Suspense>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
