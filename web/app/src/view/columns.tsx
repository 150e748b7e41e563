import { Button, IconButton, Picker } from '@ui';
import { useTranslation } from 'react-i18next';
import { useFields } from '../field/queries';
import { inLanguage } from '../field/rules';
import { useFieldName } from './values';

const MOST = 12;
const COLUMNS = [
  'requester',
  'company',
  'status',
  'priority',
  'assignee',
  'team',
  'inbox',
  'tags',
  'channel',
  'number',
  'message_count',
  'created',
  'updated',
  'last_activity',
  'last_customer_message',
  'last_reply',
  'waiting_since',
  'due',
] as const;

/** Which columns a wide list has, and in which order. */
export function ColumnsControl({ columns, onChange }: { columns: readonly string[]; onChange: (columns: string[]) => void }) {
  const { t, i18n } = useTranslation();
  const nameOf = useFieldName();
  const fields = useFields().data ?? [];
  const name = (column: string) => (column === 'tags' ? t('view.column.tags') : nameOf(column));
  const items = [
    ...COLUMNS.map((id) => ({ id: id as string, label: name(id) })),
    ...fields.map((one) => ({ id: `field.${one.key}`, label: inLanguage(one.label, i18n.language) })),
  ];
  const toggle = (id: string) => {
    if (columns.includes(id)) onChange(columns.filter((one) => one !== id));
    else if (columns.length < MOST) onChange([...columns, id]);
  };
  const swap = (at: number) => {
    const next = [...columns];
    const [one, other] = [next[at], next[at + 1]];
    if (one === undefined || other === undefined) return;
    next[at] = other;
    next[at + 1] = one;
    onChange(next);
  };
  return (
    <fieldset className="columns">
      <legend className="label">{t('view.columns')}</legend>
      <p className="hint">{t('view.columns_hint')}</p>
      <ul className="column-list">
        {columns.map((column, at) => (
          <li key={column} className="chip" data-size="m" data-tone="line">
            {at > 0 ? <IconButton icon="left" size="s" label={t('view.column.earlier', { column: name(column) })} onPress={() => swap(at - 1)} /> : null}
            <span className="t1">{name(column)}</span>
            <IconButton icon="x" size="s" label={t('view.column.remove', { column: name(column) })} onPress={() => toggle(column)} />
          </li>
        ))}
        <li>
          <Picker
            label={t('view.columns')}
            placeholder={t('view.find')}
            empty={t('view.none')}
            groups={[{ id: 'all', items }]}
            selected={columns}
            multiple
            onPick={toggle}
          >
            <Button kind="quiet" size="s" icon="plus" isDisabled={columns.length >= MOST}>
              {t('view.column.add')}
            </Button>
          </Picker>
        </li>
      </ul>
    </fieldset>
  );
}
