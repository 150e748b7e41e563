import { Button, Dialog, type MenuGroup } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { snoozePresets } from '../i18n/format';
import { useFormat } from '../i18n/use-format';

/** A time as `datetime-local` writes it. */
const local = (at: Date): string => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** Times to send at, for a menu. */
export function useTimeGroups(onPick: (at: Date) => void, onCustom: () => void): MenuGroup[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      id: 'later',
      title: t('app.later.title'),
      items: [
        ...snoozePresets(format.now).map((preset) => ({
          id: `later:${preset.id}`,
          label: t(`app.snooze.${preset.id}`),
          icon: 'clock' as const,
          hint: format.coming(preset.at),
          onAction: () => onPick(preset.at),
        })),
        { id: 'later:custom', label: t('app.later.custom'), icon: 'clock' as const, onAction: onCustom },
      ],
    },
  ];
}

export interface TimeDialogProps {
  title: string;
  action: string;
  /** Offers the usual times as buttons too. */
  presets: boolean;
  isOpen: boolean;
  onClose: () => void;
  onPick: (at: Date) => void;
}

/** Asks for a day and a time. */
export function TimeDialog({ title, action, presets, isOpen, onClose, onPick }: TimeDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [value, setValue] = useState('');
  const [past, setPast] = useState(false);
  const save = () => {
    const at = new Date(value);
    if (Number.isNaN(at.getTime()) || at.getTime() <= Date.now()) return setPast(true);
    setPast(false);
    onPick(at);
  };
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
          <Button kind="primary" isDisabled={!value} onPress={save}>
            {action}
          </Button>
        </>
      }
    >
      {presets ? (
        <div className="time-presets">
          {snoozePresets(format.now).map((preset) => (
            <Button key={preset.id} onPress={() => onPick(preset.at)}>
              {t(`app.snooze.${preset.id}`)} <span className="faint">{format.coming(preset.at)}</span>
            </Button>
          ))}
        </div>
      ) : null}
      <label className="field">
        <span className="label">{t('app.later.until')}</span>
        <input
          className="input"
          type="datetime-local"
          min={local(format.now)}
          value={value}
          aria-invalid={past}
          onChange={(event) => {
            setValue(event.target.value);
            setPast(false);
          }}
        />
        {past ? (
          <span className="hint" role="alert">
            {t('app.snooze.past')}
          </span>
        ) : null}
      </label>
    </Dialog>
  );
}
