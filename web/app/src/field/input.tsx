import type { Field, FieldValue } from '@api';
import { Checkbox, ErrorLine, Icon, Picker, Select, TextInput } from '@ui';
import { useId, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { inLanguage, readTyped, typedOf } from './rules';

const NONE = '-';

/** The control for a value of a field. `done`: it is whole now; while one types it is not. */
export function FieldInput({
  field,
  value,
  onChange,
  error,
  required = false,
  hideLabel,
}: {
  field: Field;
  value: FieldValue | undefined;
  onChange: (value: FieldValue, done: boolean) => void;
  error?: string | null;
  /** Marks it as needed. */
  required?: boolean;
  hideLabel?: boolean;
}) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const [text, setText] = useState<string | null>(null);
  const name = inLanguage(field.label, i18n.language);
  const label = required ? t('work.field.needed', { name }) : name;
  const help = inLanguage(field.help, i18n.language) || undefined;
  const { type } = field;
  switch (type.kind) {
    case 'checkbox':
      return (
        <div className="field">
          <Checkbox isSelected={value === true} onChange={(on) => onChange(on, true)} hint={help}>
            {label}
          </Checkbox>
          {error ? <ErrorLine>{error}</ErrorLine> : null}
        </div>
      );
    case 'choice':
      return (
        <Select
          label={label}
          hideLabel={hideLabel}
          value={typeof value === 'string' && value ? value : NONE}
          onChange={(key) => onChange(key === NONE ? null : key, true)}
          hint={help}
          error={error}
          items={[
            { id: NONE, label: '–' },
            ...type.options
              .filter((one) => !one.archived || one.key === value)
              .map((one) => ({ id: one.key ?? '', label: inLanguage(one.label, i18n.language) })),
          ]}
        />
      );
    case 'multi_choice': {
      const chosen = Array.isArray(value) ? value : [];
      const names = type.options.filter((one) => chosen.includes(one.key ?? '')).map((one) => inLanguage(one.label, i18n.language));
      const items = type.options
        .filter((one) => !one.archived || chosen.includes(one.key ?? ''))
        .map((one) => ({ id: one.key ?? '', label: inLanguage(one.label, i18n.language) }));
      return (
        <div className="field">
          <span className={hideLabel ? 'sr' : 'label'}>{label}</span>
          <Picker
            label={name}
            placeholder={t('view.find')}
            empty={t('view.none')}
            groups={[{ id: 'all', items }]}
            selected={chosen}
            multiple
            onPick={(key) => onChange(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key], true)}
          >
            <RawButton className="input" aria-label={`${label}: ${names.join(', ') || '–'}`}>
              <span className={names.length > 0 ? 'grow t1' : 'grow t1 faint'}>{names.join(', ') || '–'}</span>
              <Icon name="down" />
            </RawButton>
          </Picker>
          {error ? <ErrorLine>{error}</ErrorLine> : help ? <span className="hint">{help}</span> : null}
        </div>
      );
    }
    case 'date':
      return (
        <div className="field">
          <label className={hideLabel ? 'sr' : 'label'} htmlFor={id}>
            {label}
          </label>
          <input
            id={id}
            className="input"
            type="date"
            min="0001-01-01"
            max="9999-12-31"
            value={typeof value === 'string' ? value : ''}
            aria-invalid={Boolean(error)}
            aria-describedby={error || help ? `${id}-hint` : undefined}
            onChange={(event) => onChange(event.target.value || null, true)}
          />
          <span id={`${id}-hint`}>{error ? <ErrorLine>{error}</ErrorLine> : help ? <span className="hint">{help}</span> : null}</span>
        </div>
      );
    default: {
      const shown = text ?? typedOf(field, value);
      const link = type.kind === 'link' && typeof value === 'string' && /^(https?:\/\/|mailto:)/i.test(value) && !error ? value : null;
      return (
        <TextInput
          label={label}
          hideLabel={hideLabel}
          value={shown}
          autoComplete="off"
          inputMode={type.kind === 'link' ? 'url' : 'text'}
          placeholder={type.kind === 'link' ? 'https://' : undefined}
          hint={help}
          error={error}
          after={
            type.kind === 'money' ? (
              <span className="faint">{type.currency}</span>
            ) : link ? (
              <a href={link} target="_blank" rel="noopener noreferrer" aria-label={t('work.field.open', { name })}>
                <Icon name="out" size={16} />
              </a>
            ) : undefined
          }
          onChange={(next) => {
            setText(next);
            onChange(readTyped(field, next), false);
          }}
          onBlur={() => {
            if (text === null) return;
            setText(null);
            onChange(readTyped(field, text), true);
          }}
        />
      );
    }
  }
}
