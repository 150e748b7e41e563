import { Icon, type IconName } from '@ui';
import { type ReactElement, useState } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { snoozePresets } from '../i18n/format';
import { useFormat } from '../i18n/use-format';
import { understand } from './understand';

/** A time, or `null`: until the customer answers. */
export type Until = Date | null;

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

interface Option {
  id: string;
  label: string;
  icon: IconName;
  hint?: string;
  run: () => void;
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

function Times({ onPick, onCustom }: { onPick: (until: Until) => void; onCustom?: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const typed = text.trim();
  const found = typed ? understand(typed, new Date(), zone) : null;
  const fold = (label: string) => label.toLocaleLowerCase();
  const usual: Option[] = [
    ...snoozePresets(format.now).map((preset) => ({
      id: preset.id,
      label: t(`app.snooze.${preset.id}`),
      icon: 'snooze' as const,
      hint: format.coming(preset.at),
      run: () => onPick(preset.at),
    })),
    { id: 'answer', label: t('app.snooze.answer'), icon: 'reply' as const, run: () => onPick(null) },
    ...(onCustom ? [{ id: 'custom', label: t('app.snooze.custom'), icon: 'clock' as const, run: onCustom }] : []),
  ];
  const options: Option[] =
    found === null
      ? usual.filter((one) => fold(one.label).includes(fold(typed)))
      : [
          {
            id: 'found',
            label: found.kind === 'answer' ? t('app.snooze.answer') : format.full(found.at),
            icon: found.kind === 'answer' ? ('reply' as const) : ('snooze' as const),
            run: () => onPick(found.kind === 'answer' ? null : found.at),
          },
        ];
  const chosen = options[Math.min(at, options.length - 1)];
  return (
    <div className="snooze">
      <div className="menu-find">
        <div className="input">
          <Icon name="snooze" />
          <input
            // biome-ignore lint/a11y/noAutofocus: the field is what the menu was opened for
            autoFocus
            role="combobox"
            aria-expanded="true"
            aria-controls="snooze-times"
            aria-autocomplete="list"
            aria-activedescendant={chosen ? `snooze-${chosen.id}` : undefined}
            aria-label={t('app.snooze.field')}
            placeholder={t('app.snooze.example')}
            value={text}
            maxLength={100}
            autoComplete="off"
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
                event.preventDefault();
                const n = Math.max(1, options.length);
                setAt((now) => (now + (event.key === 'ArrowDown' ? 1 : n - 1)) % n);
              } else if (event.key === 'Enter') {
                event.preventDefault();
                chosen?.run();
              }
            }}
          />
        </div>
      </div>
      <div className="menu" role="listbox" id="snooze-times" aria-label={t('app.snooze.title')}>
        {options.map((one) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keyboard use goes through the field above
          <div
            key={one.id}
            id={`snooze-${one.id}`}
            role="option"
            tabIndex={-1}
            className="opt"
            aria-selected={one === chosen}
            data-focused={one === chosen || undefined}
            onPointerEnter={() => setAt(options.indexOf(one))}
            onPointerDown={(event) => event.preventDefault()}
            onClick={one.run}
          >
            <Icon name={one.icon} />
            <span className="t1">{one.label}</span>
            <span className="end">{one.hint}</span>
          </div>
        ))}
      </div>
      <div className="sr" role="status">
        {found ? options[0]?.label : ''}
      </div>
      {options.length === 0 ? <p className="snooze-none">{t('app.snooze.unclear')}</p> : null}
    </div>
  );
}
