import { Icon, Picker } from '@ui';
import { useId, useMemo, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { offsetOf, timeZones } from './time-zone';

/** A time zone out of all of them, found by typing. */
export function TimeZonePicker({
  label,
  value,
  onChange,
  hint,
  isDisabled,
}: {
  label: string;
  value: string;
  onChange: (zone: string) => void;
  hint?: string;
  isDisabled?: boolean;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const id = useId();
  const items = useMemo(() => {
    if (!open) return [];
    const now = new Date();
    return timeZones(value).map((zone) => ({ id: zone, label: zone.replaceAll('_', ' '), hint: offsetOf(zone, now) }));
  }, [open, value]);
  return (
    <div className="field">
      <span className="label" id={id}>
        {label}
      </span>
      <Picker
        label={label}
        placeholder={t('form.find_time_zone')}
        empty={t('form.no_time_zone')}
        groups={[{ id: 'zones', items }]}
        selected={[value]}
        onPick={onChange}
        isOpen={open}
        onOpenChange={setOpen}
      >
        <RawButton className="input" aria-labelledby={`${id} ${id}v`} isDisabled={isDisabled}>
          <span className="row grow" id={`${id}v`}>
            <span className="grow t1">{value.replaceAll('_', ' ')}</span>
            <span className="small faint num">{offsetOf(value, new Date())}</span>
          </span>
          <Icon name="down" />
        </RawButton>
      </Picker>
      {hint ? <span className="hint">{hint}</span> : null}
    </div>
  );
}
