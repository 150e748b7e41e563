// biome-ignore-all lint/a11y/useSemanticElements: the rows are virtual and positioned, which a table element cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus and points at the row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: keys go through the grid around the rows
import './table.css';
import type { Conversation } from '@api';
import { Avatar, Chip, Icon, TagSquare } from '@ui';
import type { CSSProperties, ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { VList, type VListHandle } from 'virtua';
import { useFields } from '../field/queries';
import { shownValue } from '../field/rules';
import { textLanguage } from '../i18n/format';
import { useFormat } from '../i18n/use-format';
import { pathOf } from '../shell/place';
import { useFieldName } from '../view/values';
import { Due } from './row';
import { GroupHead, type Heading, PickedBar } from './rows';
import { useRows } from './use-rows';
import type { Sort } from './views';

/** The orders that a heading stands for: pressed once, and again. */
const ORDERS: Record<string, readonly [Sort, Sort]> = {
  priority: ['priority_highest', 'priority_lowest'],
  created: ['created_newest', 'created_oldest'],
  number: ['created_newest', 'created_oldest'],
  last_activity: ['newest', 'oldest'],
  waiting_since: ['waiting', 'waiting_shortest'],
  // What has no due date comes last, so there is no other way round.
  due: ['due', 'due'],
};

/** Which way a column's values run in an order; none for another column's. */
export function direction(column: string, sort: Sort): 'ascending' | 'descending' | 'none' {
  const pair = ORDERS[column];
  if (!pair?.includes(sort)) return 'none';
  const first = pair[0] === sort;
  // The longest wait began first, and what is due soonest comes first.
  return (column === 'waiting_since' || column === 'due') === first ? 'ascending' : 'descending';
}

/** Narrow columns hold a word or a number. */
const WIDTHS: Record<string, string> = {
  requester: 'minmax(130px, 1.4fr)',
  company: 'minmax(120px, 1.3fr)',
  tags: 'minmax(120px, 1.2fr)',
  status: '104px',
  priority: '92px',
  channel: '84px',
  number: '76px',
  message_count: '88px',
};

interface TableProps {
  rows: readonly Conversation[];
  label: string;
  columns: readonly string[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  handle: RefObject<VListHandle | null>;
  source: { view: string; q: string };
  isGone: (c: Conversation) => boolean;
  onEnd: () => void;
  end: ReactNode;
  headings: ReadonlyMap<string, Heading> | undefined;
}

/** A wide list: a row of cells for each conversation, while none is open. Keys are those of the narrow list. */
export default function Table({ rows, label, columns, sort, onSort, handle, source, isGone, onEnd, end, headings }: TableProps) {
  const { t } = useTranslation();
  const nameOf = useFieldName();
  const { place, virtual, ids, cursor, may, picked, picking, open, warm, pick, list, near } = useRows(rows, source, handle);
  const cell = useCell();
  const template = `minmax(240px, 3fr) ${columns.map((one) => WIDTHS[one] ?? 'minmax(104px, 1fr)').join(' ')}`;
  const widest = 240 + columns.length * 118;
  const title = (column: string) => (column === 'tags' ? t('view.column.tags') : nameOf(column));
  return (
    <>
      <div className="table scroll-x" style={{ '--cols': template, '--wide': `${widest}px` } as CSSProperties}>
        <VList
          ref={virtual}
          {...list}
          className="rows table-rows"
          role="grid"
          aria-label={label}
          aria-rowcount={rows.length + 1}
          style={{ height: 'auto' }}
          bufferSize={400}
          onScroll={(offset) => near(offset, onEnd)}
          data-grid
        >
          <div className="tr head" role="row" aria-rowindex={1}>
            <span role="columnheader">{t('view.column.subject')}</span>
            {columns.map((column) => {
              const pair = ORDERS[column];
              const way = direction(column, sort);
              return (
                <span key={column} role="columnheader" aria-sort={pair ? way : undefined} className="t1">
                  {pair ? (
                    <button type="button" tabIndex={-1} onClick={() => onSort(sort === pair[0] ? pair[1] : pair[0])}>
                      <span className="t1">{title(column)}</span>
                      {way === 'none' ? null : <Icon name={way === 'ascending' ? 'up' : 'down'} size={12} />}
                    </button>
                  ) : (
                    title(column)
                  )}
                </span>
              );
            })}
          </div>
          {rows.map((c, index) => {
            const heading = headings?.get(c.id);
            const isPicked = picked.has(c.id);
            return (
              <div key={c.id} role="presentation">
                {heading ? <GroupHead heading={heading} /> : null}
                <div
                  id={`row-${c.id}`}
                  role="row"
                  className="tr conv-row"
                  lang={textLanguage(`${c.subject} ${c.preview}`)}
                  aria-rowindex={index + 2}
                  aria-selected={picking ? isPicked : cursor === c.id}
                  data-picked={isPicked || undefined}
                  data-unread={c.unread || undefined}
                  data-cursor={cursor === c.id || undefined}
                  data-gone={isGone(c) || undefined}
                  onMouseDown={(event) => event.button === 0 && event.preventDefault()}
                  onPointerEnter={() => warm(c.id)}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey) return void window.open(pathOf({ ...place, id: c.id }), '_blank');
                    if (may && (event.shiftKey || picking)) pick(c.id, event.shiftKey);
                    else open(c.id);
                  }}
                >
                  <span role="gridcell" className="lead">
                    {heading ? <span className="sr">{heading.text}</span> : null}
                    {picking && may ? (
                      <span className="pick" aria-hidden="true">
                        <span className="box">{isPicked ? <Icon name="check" size={14} /> : null}</span>
                      </span>
                    ) : c.unread ? (
                      <span className="dot" />
                    ) : null}
                    <span className="subj t1">{c.subject || t('app.no_subject')}</span>
                    {c.unread ? <span className="sr">{t('app.unread')}</span> : null}
                    <span className="prev t1">{c.preview}</span>
                  </span>
                  {columns.map((column) => (
                    <span key={column} role="gridcell" className="t1">
                      {cell(column, c)}
                    </span>
                  ))}
                </div>
              </div>
            );
          })}
          {end ? <div role="presentation">{end}</div> : null}
        </VList>
      </div>
      {picking ? <PickedBar view={source.view} q={source.q} ids={ids} /> : null}
    </>
  );
}

/** What a column shows of a conversation. */
function useCell(): (column: string, c: Conversation) => ReactNode {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const fields = useFields().data;
  const time = (at: string | null) =>
    at ? (
      <time dateTime={at} title={format.exact(at)}>
        {format.list(at)}
      </time>
    ) : null;
  return (column, c) => {
    switch (column) {
      case 'requester':
        return c.customer.name || c.customer.email || t('app.no_name');
      case 'company':
        return c.customer.company?.name;
      case 'status':
        return c.custom_status?.name ?? t(`app.status.${c.status.kind}`);
      case 'priority':
        return c.priority === 'high' || c.priority === 'urgent' ? (
          <span className="flag">
            <Icon name="flag" size={13} />
            {t(`app.priority.${c.priority}`)}
          </span>
        ) : c.priority === 'low' ? (
          t('app.priority.low')
        ) : null;
      case 'assignee':
        return c.assignee ? (
          <span className="who">
            <Avatar name={c.assignee.name} seed={c.assignee.id} size={20} />
            <span className="t1">{c.assignee.name}</span>
          </span>
        ) : null;
      case 'team':
        return c.team?.name;
      case 'inbox':
        return c.inbox.name;
      case 'tags':
        return c.tags.length > 0 ? (
          <span className="tags">
            {c.tags.slice(0, 2).map((tag) => (
              <Chip key={tag.id} tone="line">
                <TagSquare color={tag.color} /> {tag.name}
              </Chip>
            ))}
            {c.tags.length > 2 ? <span className="faint small">+{c.tags.length - 2}</span> : null}
          </span>
        ) : null;
      case 'channel':
        return t(`view.channel.${c.channel}`);
      case 'number':
        return <span className="num">#{c.number}</span>;
      case 'message_count':
        return <span className="num">{format.count(c.message_count)}</span>;
      case 'created':
        return time(c.created_at);
      case 'updated':
        return time(c.updated_at);
      case 'last_activity':
        return time(c.last_message_at);
      case 'last_customer_message':
        return time(c.last_customer_message_at);
      case 'last_reply':
        return time(c.last_reply_at);
      case 'waiting_since':
        return time(c.waiting_since);
      case 'due':
        return c.due_at && c.status.kind !== 'resolved' ? <Due at={c.due_at} format={format} /> : time(c.due_at);
      default: {
        const key = column.replace(/^field\./, '');
        const value = c.field_values?.[key];
        const field = fields?.find((one) => one.key === key);
        return value === undefined ? null : shownValue(field, value, i18n.language, t('view.yes'));
      }
    }
  };
}
