import type { FilterCondition, FilterField } from '@api';
import { Icon, Picker, type PickItem, Select, TagSquare, TextInput } from '@ui';
import { lazy, Suspense, useMemo } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { FieldInput } from '../field/input';
import { useFields } from '../field/queries';
import { inLanguage } from '../field/rules';
import { useAgents, useInboxes, useTags, useTeams } from '../people/queries';
import { useCustomStatuses } from '../status/queries';
import { readAge } from './filter';

const CompanyChoices = lazy(() => import('../company/choices'));

/** What a field is called: custom ones as the team calls them. */
export function useFieldName(): (field: string) => string {
  const { t, i18n } = useTranslation();
  const fields = useFields().data;
  return (name) => {
    if (!name.startsWith('field.')) return t(`view.field.${name}`);
    const field = fields?.find((one) => `field.${one.key}` === name);
    return field ? inLanguage(field.label, i18n.language) : name;
  };
}

/** What a field may be compared with, with names. */
export function useChoices(field: string): PickItem[] {
  const { t, i18n } = useTranslation();
  const customs = useFields().data;
  const agents = useAgents().data;
  const teams = useTeams().data;
  const inboxes = useInboxes().data;
  const tags = useTags().data;
  const statuses = useCustomStatuses().data;
  return useMemo(() => {
    const named = (list: readonly { id: string; name: string }[] | undefined) => (list ?? []).map(({ id, name }) => ({ id, label: name }));
    const words = (area: string, list: readonly string[]) => list.map((id) => ({ id, label: t(`${area}.${id}`) }));
    switch (field) {
      case 'status':
        return words('app.status', ['open', 'pending', 'on_hold', 'snoozed', 'resolved']);
      case 'custom_status':
        return (statuses ?? []).map((one) => ({ id: one.id, label: one.name, before: <TagSquare color={one.color} /> }));
      case 'priority':
        return words('app.priority', ['urgent', 'high', 'normal', 'low']);
      case 'channel':
        return [
          { id: 'email', label: t('view.channel.email') },
          { id: 'api', label: t('view.channel.api') },
          { id: 'chat', label: t('view.channel.chat') },
        ];
      case 'assignee':
      case 'follower':
      case 'mentioned':
        return [{ id: 'me', label: t('view.me') }, ...named(agents)];
      case 'team':
        return [{ id: 'mine', label: t('view.my_teams') }, ...named(teams)];
      case 'inbox':
        return named(inboxes);
      case 'tag':
        return named(tags);
      default: {
        const type = customs?.find((one) => `field.${one.key}` === field)?.type;
        const options = type && 'options' in type ? type.options : [];
        return options.map((one) => ({ id: one.key ?? '', label: inLanguage(one.label, i18n.language) }));
      }
    }
  }, [field, t, i18n.language, agents, teams, inboxes, tags, statuses, customs]);
}

/** The control for a condition's value. */
export function ValueControl({
  condition,
  field,
  onChange,
}: {
  condition: FilterCondition;
  field: FilterField;
  onChange: (value: NonNullable<FilterCondition['value']>) => void;
}) {
  const { t } = useTranslation();
  const nameOf = useFieldName();
  const custom = useFields().data?.find((one) => `field.${one.key}` === field.field);
  const label = t('view.value_of', { field: nameOf(field.field) });
  const { value } = condition;
  if (condition.operator === 'is_set' || condition.operator === 'is_not_set') return <span />;
  switch (field.kind) {
    case 'choice':
      // A customer is chosen where customers are; here only a choice made before is kept.
      return field.field === 'requester' ? (
        <TextInput
          label={label}
          hideLabel
          value={Array.isArray(value) ? value.join(', ') : ''}
          onChange={(text) => onChange(text.split(/[\s,]+/).filter(Boolean))}
        />
      ) : field.field === 'company' ? (
        <Suspense fallback={<span />}>
          <CompanyChoices chosen={Array.isArray(value) ? value : []} label={label} onChange={onChange} />
        </Suspense>
      ) : (
        <Choices condition={condition} field={field} label={label} onChange={onChange} />
      );
    case 'address':
      return (
        <TextInput
          label={label}
          hideLabel
          type="email"
          value={Array.isArray(value) ? value.join(', ') : ''}
          onChange={(text) => onChange(text.split(/[\s,]+/).filter(Boolean))}
        />
      );
    case 'word':
      if (condition.operator === 'contains' || condition.operator === 'does_not_contain')
        return <TextInput label={label} hideLabel value={String(value ?? '')} placeholder={t('view.part')} onChange={onChange} />;
      return (
        <TextInput label={label} hideLabel value={Array.isArray(value) ? value.join(', ') : ''} onChange={(text) => onChange(text ? text.split(/,\s*/) : [])} />
      );
    case 'date':
      return <DayControl label={label} value={String(value ?? '')} onChange={onChange} />;
    case 'number':
      return custom ? (
        <FieldInput key={custom.id} field={custom} hideLabel value={value} onChange={(next) => onChange(next ?? '')} />
      ) : (
        <TextInput
          label={label}
          hideLabel
          inputMode="numeric"
          value={value === undefined ? '' : String(value)}
          onChange={(text) => {
            const digits = text.replaceAll(/\D/g, '').slice(0, 12);
            onChange(digits === '' ? '' : Number(digits));
          }}
        />
      );
    case 'flag':
      return (
        <Select
          label={label}
          hideLabel
          value={value === false ? 'no' : 'yes'}
          onChange={(id) => onChange(id === 'yes')}
          items={[
            { id: 'yes', label: t('view.yes') },
            { id: 'no', label: t('view.no') },
          ]}
        />
      );
    case 'time':
      if (condition.operator === 'is') return <PeriodControl label={label} value={String(value ?? '')} onChange={onChange} />;
      return field.field === 'due' ? (
        <DueControl label={label} value={String(value ?? '')} onChange={onChange} />
      ) : (
        <TimeControl label={label} value={String(value ?? '')} onChange={onChange} />
      );
    default:
      return <TextInput label={label} hideLabel value={String(value ?? '')} placeholder={t('view.words')} onChange={onChange} />;
  }
}

function Choices({
  condition,
  field,
  label,
  onChange,
}: {
  condition: FilterCondition;
  field: FilterField;
  label: string;
  onChange: (value: string[]) => void;
}) {
  const { t } = useTranslation();
  const items = useChoices(field.field);
  const chosen = Array.isArray(condition.value) ? condition.value : [];
  const names = chosen.map((id) => items.find((item) => item.id === id)?.label ?? t('view.gone'));
  return (
    <Picker
      label={label}
      placeholder={t('view.find')}
      empty={t('view.none')}
      groups={[{ id: 'all', items }]}
      selected={chosen}
      multiple
      onPick={(id) => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])}
    >
      <RawButton className="input" aria-label={`${label}: ${names.join(', ') || t('view.choose')}`}>
        <span className={names.length > 0 ? 'grow t1' : 'grow t1 faint'}>{names.join(', ') || t('view.choose')}</span>
        <Icon name="down" />
      </RawButton>
    </Picker>
  );
}

/** Today, a day so far from it, or a date. */
function DayControl({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const away = /^(-?)(\d+)d$/.exec(value);
  const unit = value === 'today' ? 'today' : away ? (away[1] ? 'ago' : 'ahead') : 'date';
  const choose = (next: string) =>
    onChange(next === 'today' ? 'today' : next === 'date' ? new Date().toISOString().slice(0, 10) : `${next === 'ago' ? '-' : ''}${away?.[2] ?? 7}d`);
  return (
    <span className="fb-time">
      {away ? (
        <TextInput
          label={label}
          hideLabel
          inputMode="numeric"
          value={away[2] ?? ''}
          onChange={(text) => onChange(`${away[1]}${Number(text.replaceAll(/\D/g, '').slice(0, 4) || 0)}d`)}
        />
      ) : unit === 'date' ? (
        <input className="input" type="date" aria-label={label} value={value} onChange={(event) => event.target.value && onChange(event.target.value)} />
      ) : null}
      <Select
        label={t('view.unit.label')}
        hideLabel
        value={unit}
        onChange={choose}
        items={(['today', 'ago', 'ahead', 'date'] as const).map((id) => ({ id: id as string, label: t(`view.day.${id}`) }))}
      />
    </span>
  );
}

const PERIODS = ['yesterday', 'today', 'tomorrow', 'last_week', 'this_week', 'next_week'] as const;

/** A day or a week by its name, or a date. */
function PeriodControl({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const named = PERIODS.some((one) => one === value);
  return (
    <span className="fb-time">
      {named ? null : (
        <input
          className="input"
          type="date"
          aria-label={t('view.unit.date')}
          value={value}
          onChange={(event) => event.target.value && onChange(event.target.value)}
        />
      )}
      <Select
        label={label}
        hideLabel
        value={named ? value : 'date'}
        onChange={(next) => onChange(next === 'date' ? new Date().toISOString().slice(0, 10) : next)}
        items={[...PERIODS.map((one) => ({ id: one as string, label: t(`view.period.${one}`) })), { id: 'date', label: t('view.unit.date') }]}
      />
    </span>
  );
}

/** Now, hours or days from now, or a date: a time that lies ahead. */
function DueControl({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const age = readAge(value);
  const n = age && age.n > 0 ? age : null;
  const unit = n ? (value.startsWith('-') ? 'ago' : n.unit === 'h' ? 'h' : 'd') : age ? 'now' : 'date';
  const choose = (next: string) => {
    const count = n?.n ?? 1;
    if (next === 'now') onChange('0d');
    else if (next === 'date') onChange(new Date(new Date().setHours(0, 0, 0, 0)).toISOString());
    else onChange(next === 'ago' ? `-${count}d` : `${count}${next}`);
  };
  const day = age ? '' : new Date(new Date(value).getTime() - new Date(value).getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return (
    <span className="fb-time">
      {n ? (
        <TextInput
          label={label}
          hideLabel
          inputMode="numeric"
          value={String(n.n)}
          onChange={(text) => onChange(`${value.startsWith('-') ? '-' : ''}${Math.max(1, Number(text.replaceAll(/\D/g, '').slice(0, 4) || 1))}${n.unit}`)}
        />
      ) : unit === 'date' ? (
        <input
          className="input"
          type="date"
          aria-label={label}
          value={day}
          onChange={(event) => event.target.value && onChange(new Date(`${event.target.value}T00:00:00`).toISOString())}
        />
      ) : null}
      <Select
        label={t('view.unit.label')}
        hideLabel
        value={unit}
        onChange={choose}
        items={(['now', 'h', 'd', 'ago', 'date'] as const).map((id) => ({ id: id as string, label: t(`view.due.${id}`) }))}
      />
    </span>
  );
}

const UNITS = ['m', 'h', 'd'] as const;

/** An age such as seven days, or a day. */
function TimeControl({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const age = readAge(value);
  const unit = age?.unit ?? 'date';
  const choose = (next: string) => onChange(next === 'date' ? new Date(new Date().setHours(0, 0, 0, 0)).toISOString() : `-${age?.n ?? 7}${next}`);
  const day = age ? '' : new Date(new Date(value).getTime() - new Date(value).getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return (
    <span className="fb-time">
      {age ? (
        <TextInput
          label={label}
          hideLabel
          inputMode="numeric"
          value={String(age.n)}
          onChange={(text) => onChange(`-${Number(text.replaceAll(/\D/g, '').slice(0, 4) || 0)}${age.unit}`)}
        />
      ) : (
        <input
          className="input"
          type="date"
          aria-label={label}
          value={day}
          onChange={(event) => event.target.value && onChange(new Date(`${event.target.value}T00:00:00`).toISOString())}
        />
      )}
      <Select
        label={t('view.unit.label')}
        hideLabel
        value={unit}
        onChange={choose}
        items={[...UNITS.map((one) => ({ id: one as string, label: t(`view.unit.${one}`) })), { id: 'date', label: t('view.unit.date') }]}
      />
    </span>
  );
}
