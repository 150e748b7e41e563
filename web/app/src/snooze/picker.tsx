import type { ReactElement } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Times, type Until } from './times';

export interface SnoozePickerProps {
  /** The control that opens it. */
  children: ReactElement;
  onPick: (until: Until) => void;
  /** Asks for a day and a time with the browser's own field. */
  onCustom?: () => void;
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
  placement?: 'bottom end' | 'top start';
}

/** Until when a conversation stays away: typed as one says it, or one of the usual times. */
export default function SnoozePicker({ children, onPick, onCustom, isOpen, onOpenChange, placement = 'bottom end' }: SnoozePickerProps) {
  const { t } = useTranslation();
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
      {children}
      <Popover className="pop" placement={placement} offset={4}>
        <Dialog aria-label={t('app.command.snooze')} className="menu-dialog">
          <Times
            onPick={(until) => {
              onOpenChange(false);
              onPick(until);
            }}
            onCustom={
              onCustom &&
              (() => {
                onOpenChange(false);
                onCustom();
              })
            }
          />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
