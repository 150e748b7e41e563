import type { FilterCondition, FilterField } from '@api';
import { Button, IconButton, Select } from '@ui';
import { useTranslation } from 'react-i18next';
import { freshCondition, type Group, isGroup, withOperator } from './filter';
import { useFieldName, ValueControl } from './values';

/** Deeper than this people no longer see what a filter says; the API takes deeper ones, and they are kept. */
const DEEPEST = 3;

/** Conditions in groups: which field, how it compares, with what. */
export function FilterBuilder({ group, fields, onChange }: { group: Group; fields: readonly FilterField[]; onChange: (group: Group) => void }) {
  return <GroupRows group={group} fields={fields} depth={1} onChange={onChange} />;
}

function GroupRows({
  group,
  fields,
  depth,
  onChange,
  onRemove,
}: {
  group: Group;
  fields: readonly FilterField[];
  depth: number;
  onChange: (group: Group) => void;
  onRemove?: () => void;
}) {
  const { t } = useTranslation();
  const put = (at: number, part: Group | FilterCondition) => onChange({ ...group, parts: group.parts.map((one, n) => (n === at ? part : one)) });
  const drop = (at: number) => onChange({ ...group, parts: group.parts.filter((_, n) => n !== at) });
  const status = fields.find((field) => field.field === 'status') ?? fields[0];
  return (
    <fieldset className="fb-group" data-depth={depth}>
      <legend className="sr">{t('view.conditions')}</legend>
      <div className="fb-head">
        <Select
          label={t('view.mode.label')}
          hideLabel
          value={group.mode}
          onChange={(mode) => onChange({ ...group, mode })}
          items={(['all', 'any', 'none'] as const).map((mode) => ({ id: mode, label: t(`view.mode.${mode}`) }))}
        />
        {onRemove ? <IconButton icon="x" size="s" label={t('view.remove_group')} onPress={onRemove} /> : null}
      </div>
      {group.parts.map((part, at) =>
        isGroup(part) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
          <GroupRows key={at} group={part} fields={fields} depth={depth + 1} onChange={(next) => put(at, next)} onRemove={() => drop(at)} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
          <ConditionRow key={at} condition={part} fields={fields} onChange={(next) => put(at, next)} onRemove={() => drop(at)} />
        ),
      )}
      <div className="fb-add">
        <Button kind="quiet" size="s" icon="plus" onPress={() => status && onChange({ ...group, parts: [...group.parts, freshCondition(status)] })}>
          {t('view.add')}
        </Button>
        {depth < DEEPEST ? (
          <Button
            kind="quiet"
            size="s"
            icon="plus"
            onPress={() => status && onChange({ ...group, parts: [...group.parts, { mode: 'any', parts: [freshCondition(status)] }] })}
          >
            {t('view.add_group')}
          </Button>
        ) : null}
      </div>
    </fieldset>
  );
}

function ConditionRow({
  condition,
  fields,
  onChange,
  onRemove,
}: {
  condition: FilterCondition;
  fields: readonly FilterField[];
  onChange: (condition: FilterCondition) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const nameOf = useFieldName();
  const field = fields.find((one) => one.field === condition.field);
  if (!field) return null;
  const name = nameOf(field.field);
  return (
    <div className="fb-row">
      <Select
        label={t('view.field_label')}
        hideLabel
        value={field.field}
        onChange={(next) => {
          const chosen = fields.find((one) => one.field === next);
          if (chosen) onChange(freshCondition(chosen));
        }}
        items={fields.filter((one) => one.field !== 'requester' || condition.field === 'requester').map((one) => ({ id: one.field, label: nameOf(one.field) }))}
      />
      {field.operators.length > 1 ? (
        <Select
          label={t('view.operator_label', { field: name })}
          hideLabel
          value={condition.operator}
          onChange={(operator) => onChange(withOperator(condition, operator, field))}
          items={field.operators.map((operator) => ({
            id: operator,
            label: t(`view.operator.${operator === 'is' && field.kind === 'time' ? 'within' : operator}`),
          }))}
        />
      ) : (
        <span />
      )}
      <ValueControl condition={condition} field={field} onChange={(value) => onChange({ ...condition, value })} />
      <IconButton icon="x" size="s" label={t('view.remove_condition', { field: name })} onPress={onRemove} />
    </div>
  );
}
