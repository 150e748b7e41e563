import { type Field, type FieldOption, type FieldShownWhen, type FieldType, Problem } from '@api';
import { Button, Checkbox, ErrorLine, IconButton, Select, Switch, TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCreateField, useFields, useUpdateField } from '../../field/queries';
import { inLanguage } from '../../field/rules';
import { FormDialog } from '../../form/dialog';
import { fieldText, generalText } from '../../form/problems';
import { useInboxes } from '../../people/queries';
import { ICONS } from './page';

const KINDS = ['text', 'number', 'money', 'date', 'choice', 'multi_choice', 'checkbox', 'link', 'pattern'] as const;
const SHOWN = ['key', 'label', 'label.en', 'help', 'type.options', 'type.pattern', 'type.currency', 'shown_when.field_id', 'shown_when.any_of'];
type Option = FieldOption & { id: string };

const optionsOf = (field: Field | null): Option[] =>
  field && 'options' in field.type ? field.type.options.filter((one) => !one.archived).map((one) => ({ ...one, id: one.key ?? crypto.randomUUID() })) : [];
const emptyOption = (): Option => ({ id: crypto.randomUUID(), label: {} });

/** Defines a field, or changes one. */
export function FieldDialog({ field, onClose }: { field: Field | null; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const create = useCreateField();
  const update = useUpdateField();
  const inboxes = (useInboxes().data ?? []).filter((one) => !one.archived || field?.inbox_ids.includes(one.id));
  const [kind, setKind] = useState<FieldType['kind']>(field?.type.kind ?? 'text');
  const [label, setLabel] = useState({ en: field?.label.en ?? '', ko: field?.label.ko ?? '' });
  const [help, setHelp] = useState({ en: field?.help.en ?? '', ko: field?.help.ko ?? '' });
  const [key, setKey] = useState('');
  const [options, setOptions] = useState<Option[]>(() => (field ? optionsOf(field) : [emptyOption(), emptyOption()]));
  const [currency, setCurrency] = useState(field?.type.kind === 'money' ? field.type.currency : i18n.language === 'ko' ? 'KRW' : 'EUR');
  const [pattern, setPattern] = useState(field?.type.kind === 'pattern' ? field.type.pattern : '');
  const [chosen, setChosen] = useState<string[]>(field?.inbox_ids ?? []);
  const [when, setWhen] = useState<FieldShownWhen | null>(field?.shown_when ?? null);
  const [required, setRequired] = useState(field?.required ?? false);
  const [tried, setTried] = useState(false);
  const error = create.error ?? update.error;
  const own = i18n.language === 'ko' ? 'ko' : 'en';
  const other = own === 'ko' ? 'en' : 'ko';
  const nameless = !label.en.trim() && !label.ko.trim();
  const words = (text: { en: string; ko: string }) => ({
    ...(text.en.trim() ? { en: text.en.trim() } : {}),
    ...(text.ko.trim() ? { ko: text.ko.trim() } : {}),
  });
  const type = (): FieldType => {
    switch (kind) {
      case 'choice':
      case 'multi_choice': {
        const filled = options.filter((one) => one.label.en?.trim() || one.label.ko?.trim());
        return { kind, options: filled.map(({ id: _, ...one }) => one) };
      }
      case 'money':
        return { kind, currency: currency.trim().toUpperCase() };
      case 'pattern':
        return { kind, pattern };
      case 'text':
        return field?.type.kind === 'text' ? field.type : { kind };
      default:
        return { kind };
    }
  };
  const submit = () => {
    setTried(true);
    if (nameless) return;
    const form = { label: words(label), help: words(help), type: type(), inbox_ids: chosen, shown_when: when, required };
    const done = {
      onSuccess: () => {
        toast(t('settings.saved'));
        onClose();
      },
    };
    if (field) update.mutate({ id: field.id, version: field.version, ...form }, done);
    else create.mutate({ ...form, ...(key.trim() ? { key: key.trim() } : {}) }, done);
  };
  const stale = error instanceof Problem && error.code === 'conflict';
  return (
    <FormDialog
      title={field ? t('settings.fields.edit', { name: inLanguage(field.label, i18n.language) }) : t('settings.fields.add')}
      wide
      isPending={create.isPending || update.isPending}
      problem={stale ? t('settings.fields.stale') : generalText(t, error, SHOWN)}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="field-pair">
        {([own, other] as const).map((language) => (
          <TextInput
            key={language}
            label={t(`settings.fields.name_${language}`)}
            value={label[language]}
            onChange={(text) => setLabel({ ...label, [language]: text })}
            autoFocus={language === own}
            autoComplete="off"
            error={language === own ? (tried && nameless ? t('form.wrong.missing') : fieldText(t, error, 'label')) : null}
          />
        ))}
      </div>
      {field ? (
        <p className="small dim">
          {t(`settings.fields.kind.${kind}`)} · <code>{`field.${field.key}`}</code>
        </p>
      ) : (
        <div className="field-pair">
          <Select
            label={t('settings.fields.kind_label')}
            value={kind}
            onChange={setKind}
            hint={t('settings.fields.kind_hint')}
            items={KINDS.map((id) => ({ id, label: t(`settings.fields.kind.${id}`), icon: ICONS[id] }))}
          />
          <TextInput
            label={t('settings.fields.key')}
            value={key}
            onChange={setKey}
            autoComplete="off"
            placeholder={t('settings.fields.key_example')}
            hint={t('settings.fields.key_hint')}
            error={fieldText(t, error, 'key')}
          />
        </div>
      )}
      {kind === 'money' && !field ? (
        <TextInput
          label={t('settings.fields.currency')}
          value={currency}
          onChange={setCurrency}
          autoComplete="off"
          hint={t('settings.fields.currency_hint')}
          error={fieldText(t, error, 'type') || fieldText(t, error, 'type.currency')}
        />
      ) : null}
      {kind === 'pattern' ? (
        <TextInput
          label={t('settings.fields.pattern')}
          value={pattern}
          onChange={setPattern}
          autoComplete="off"
          placeholder="[A-Z]{2}-[0-9]{4}"
          hint={t('settings.fields.pattern_hint')}
          error={error instanceof Problem ? error.of('type.pattern') : null}
        />
      ) : null}
      {kind === 'choice' || kind === 'multi_choice' ? (
        <Options options={options} own={own} onChange={setOptions} error={error instanceof Problem ? error.of('type.options') : undefined} />
      ) : null}
      <TextInput
        label={t('settings.fields.help')}
        value={help[own]}
        onChange={(text) => setHelp({ ...help, [own]: text })}
        autoComplete="off"
        hint={t('settings.fields.help_hint')}
        error={fieldText(t, error, 'help')}
      />
      <Switch isSelected={required} onChange={setRequired}>
        {t('settings.fields.required')}
      </Switch>
      {inboxes.length > 1 ? (
        <fieldset className="field">
          <legend className="label">{t('settings.fields.inboxes')}</legend>
          {inboxes.map((inbox) => (
            <Checkbox
              key={inbox.id}
              isSelected={chosen.includes(inbox.id)}
              onChange={(on) => setChosen(on ? [...chosen, inbox.id] : chosen.filter((id) => id !== inbox.id))}
            >
              {inbox.name}
            </Checkbox>
          ))}
          <span className="hint">{t('settings.fields.inboxes_hint')}</span>
        </fieldset>
      ) : null}
      <Condition field={field} when={when} onChange={setWhen} error={error} />
    </FormDialog>
  );
}

function Options({ options, own, onChange, error }: { options: Option[]; own: 'en' | 'ko'; onChange: (options: Option[]) => void; error: string | undefined }) {
  const { t } = useTranslation();
  const put = (at: number, text: string) => onChange(options.map((one, n) => (n === at ? { ...one, label: { ...one.label, [own]: text } } : one)));
  const move = (at: number, by: -1 | 1) => {
    const next = [...options];
    const [one] = next.splice(at, 1);
    if (one) next.splice(at + by, 0, one);
    onChange(next);
  };
  return (
    <fieldset className="field">
      <legend className="label">{t('settings.fields.options')}</legend>
      {options.map((option, at) => (
        <div className="field-option" key={option.id}>
          <TextInput
            label={t('settings.fields.option', { n: at + 1 })}
            hideLabel
            autoComplete="off"
            value={option.label[own] ?? ''}
            placeholder={(own === 'en' ? option.label.ko : option.label.en) ?? t('settings.fields.option', { n: at + 1 })}
            onChange={(text) => put(at, text)}
          />
          <IconButton icon="up" size="s" label={t('settings.fields.option_up', { n: at + 1 })} isDisabled={at === 0} onPress={() => move(at, -1)} />
          <IconButton
            icon="down"
            size="s"
            label={t('settings.fields.option_down', { n: at + 1 })}
            isDisabled={at === options.length - 1}
            onPress={() => move(at, 1)}
          />
          <IconButton
            icon="x"
            size="s"
            label={t('settings.fields.option_remove', { n: at + 1 })}
            isDisabled={options.length === 1}
            onPress={() => onChange(options.filter((one) => one.id !== option.id))}
          />
        </div>
      ))}
      {error ? <ErrorLine>{error}</ErrorLine> : null}
      <span>
        <Button kind="quiet" size="s" icon="plus" isDisabled={options.length >= 200} onPress={() => onChange([...options, emptyOption()])}>
          {t('settings.fields.add_option')}
        </Button>
      </span>
    </fieldset>
  );
}

const ALWAYS = '-';

/** When the field is shown: always, or only where another one holds something. */
function Condition({
  field,
  when,
  onChange,
  error,
}: {
  field: Field | null;
  when: FieldShownWhen | null;
  onChange: (when: FieldShownWhen | null) => void;
  error: unknown;
}) {
  const { t, i18n } = useTranslation();
  const deciding = (useFields().data ?? []).filter((one) => one.id !== field?.id && ['choice', 'multi_choice', 'checkbox'].includes(one.type.kind));
  if (deciding.length === 0) return null;
  const other = deciding.find((one) => one.id === when?.field_id);
  const values =
    other && 'options' in other.type
      ? other.type.options.map((one) => ({ id: one.key ?? '', label: inLanguage(one.label, i18n.language) }))
      : [
          { id: 'true', label: t('view.yes') },
          { id: 'false', label: t('view.no') },
        ];
  return (
    <fieldset className="field">
      <Select
        label={t('settings.fields.shown')}
        value={when?.field_id ?? ALWAYS}
        onChange={(id) =>
          onChange(id === ALWAYS ? null : { field_id: id, any_of: deciding.find((one) => one.id === id)?.type.kind === 'checkbox' ? ['true'] : [] })
        }
        error={fieldText(t, error, 'shown_when.field_id')}
        items={[
          { id: ALWAYS, label: t('settings.fields.always') },
          ...deciding.map((one) => ({ id: one.id, label: t('settings.fields.only_when', { name: inLanguage(one.label, i18n.language) }) })),
        ]}
      />
      {when && other
        ? values.map((value) => (
            <Checkbox
              key={value.id}
              isSelected={when.any_of.includes(value.id)}
              onChange={(on) => onChange({ ...when, any_of: on ? [...when.any_of, value.id] : when.any_of.filter((one) => one !== value.id) })}
            >
              {value.label}
            </Checkbox>
          ))
        : null}
      {error instanceof Problem && error.of('shown_when.any_of') ? <ErrorLine>{t('form.wrong.missing')}</ErrorLine> : null}
    </fieldset>
  );
}
