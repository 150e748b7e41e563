import { Button, Dialog } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Times, type TimesProps, type Until } from './times';

/** A time as `datetime-local` writes it. */
const local = (at: Date): string => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** Asks for a day and a time with the browser's own field. */
export function DayAndTime({ action, onPick, onBack }: { action: string; onPick: (at: Date) => void; onBack: () => void }) {
  const { t } = useTranslation();
  const tomorrow = new Date(Date.now() + 86_400_000);
  tomorrow.setHours(9, 0, 0, 0);
  const [value, setValue] = useState(local(tomorrow));
  const at = new Date(value);
  const past = !(at.getTime() > Date.now());
  return (
    <>
      <label className="field">
        <span className="label">{t('app.snooze.until')}</span>
        <input className="input" type="datetime-local" value={value} min={local(new Date())} onChange={(event) => setValue(event.target.value)} />
        {past ? <span className="hint">{t('app.snooze.past')}</span> : null}
      </label>
      <div className="acts">
        <Button kind="quiet" onPress={onBack}>
          {t('app.back')}
        </Button>
        <Button kind="primary" isDisabled={past} onPress={() => onPick(at)}>
          {action}
        </Button>
      </div>
    </>
  );
}

interface TimeChoiceProps extends Pick<TimesProps, 'answer' | 'label' | 'icon'> {
  title: string;
  /** What the button of the day-and-time field says. */
  action: string;
  onPick: (until: Until) => void;
  onClose: () => void;
}

/** The chooser of times as a dialog: typed as one says it, one of the usual ones, or a day and a time. */
export default function TimeChoice({ title, action, onPick, onClose, ...times }: TimeChoiceProps) {
  const [custom, setCustom] = useState(false);
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      {custom ? (
        <DayAndTime action={action} onPick={onPick} onBack={() => setCustom(false)} />
      ) : (
        <Times {...times} onPick={onPick} onCustom={() => setCustom(true)} />
      )}
    </Dialog>
  );
}
