import { Icon, type IconName } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { snoozePresets } from '../i18n/format';
import { useFormat } from '../i18n/use-format';
import { understand } from './understand';

/** A time, or `null`: until the customer answers. */
export type Until = Date | null;

export interface TimesProps {
  onPick: (until: Until) => void;
  /** Asks for a day and a time with the browser's own field. */
  onCustom?: () => void;
  /** Whether waiting for the customer's answer is one of the choices. */
  answer?: boolean;
  /** What the time is for; when it comes back, without. */
  label?: string;
  icon?: IconName;
}

interface Option {
  id: string;
  label: string;
  icon: IconName;
  hint?: string;
  run: () => void;
}

/** A time typed as one says it, or one of the usual ones. */
export function Times({ onPick, onCustom, answer = true, label, icon = 'snooze' }: TimesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const typed = text.trim();
  const said = typed ? understand(typed, new Date(), zone) : null;
  const found = said?.kind === 'answer' && !answer ? null : said;
  const fold = (label: string) => label.toLocaleLowerCase();
  const usual: Option[] = [
    ...snoozePresets(format.now).map((preset) => ({
      id: preset.id,
      label: t(`app.snooze.${preset.id}`),
      icon,
      hint: format.coming(preset.at),
      run: () => onPick(preset.at),
    })),
    ...(answer ? [{ id: 'answer', label: t('app.snooze.answer'), icon: 'reply' as const, run: () => onPick(null) }] : []),
    ...(onCustom ? [{ id: 'custom', label: t('app.snooze.custom'), icon: 'clock' as const, run: onCustom }] : []),
  ];
  const options: Option[] =
    found === null
      ? usual.filter((one) => fold(one.label).includes(fold(typed)))
      : [
          {
            id: 'found',
            label: found.kind === 'answer' ? t('app.snooze.answer') : format.full(found.at),
            icon: found.kind === 'answer' ? ('reply' as const) : icon,
            run: () => onPick(found.kind === 'answer' ? null : found.at),
          },
        ];
  const chosen = options[Math.min(at, options.length - 1)];
  return (
    <div className="snooze">
      <div className="menu-find">
        <div className="input">
          <Icon name={icon} />
          <input
            // biome-ignore lint/a11y/noAutofocus: the field is what the menu was opened for
            autoFocus
            role="combobox"
            aria-expanded="true"
            aria-controls="snooze-times"
            aria-autocomplete="list"
            aria-activedescendant={chosen ? `snooze-${chosen.id}` : undefined}
            aria-label={label ?? t('app.snooze.field')}
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
      <div className="menu" role="listbox" id="snooze-times" aria-label={label ?? t('app.snooze.title')}>
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
