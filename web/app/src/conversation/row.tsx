import type { Conversation } from '@api';
import { Avatar, Chip, type ChipProps, Icon, TagSquare } from '@ui';
import type { TFunction } from 'i18next';
import { type MouseEvent, memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isOver, textLanguage } from '../i18n/format';
import type { useFormat } from '../i18n/use-format';

export interface RowProps {
  conversation: Conversation;
  format: ReturnType<typeof useFormat>;
  href: string;
  index: number;
  total: number;
  isSelected: boolean;
  isCursor: boolean;
  /** It no longer belongs to the view, but keeps its place until the list is drawn anew. */
  isGone: boolean;
  /** In place of the last words: a found passage. */
  preview?: ReactNode;
  /** The subject with what was found in it. */
  subject?: ReactNode;
  /** The group that begins with it. */
  group?: string;
  onOpen: (id: string) => void;
  onHover?: (id: string) => void;
  /** Picked for work on many; null where there is nothing to pick. */
  isPicked: boolean | null;
  /** Something can be picked by a touch: boxes stand in place of the faces. */
  isPicking: boolean;
  onPick: (id: string, range: boolean) => void;
}

interface State {
  tone: ChipProps['tone'];
  icon?: ChipProps['icon'];
  text: string;
  before?: ReactNode;
}

function state(c: Conversation, t: TFunction, format: RowProps['format']): State | null {
  if (c.custom_status) return { tone: 'line', text: c.custom_status.name, before: <TagSquare color={c.custom_status.color} /> };
  switch (c.status.kind) {
    case 'pending':
      return { tone: 'info', text: t('app.status.pending') };
    case 'on_hold':
      return { tone: 'info', text: t('app.status.on_hold') };
    case 'snoozed':
      return { tone: 'plain', icon: 'snooze', text: c.status.until ? format.coming(c.status.until) : t('app.status.snoozed') };
    case 'resolved':
      return { tone: 'ok', icon: 'check', text: t('app.status.resolved') };
    default:
      return null;
  }
}

/** Until when it is to be done; what is over stands out. */
export function Due({ at, format }: { at: string; format: RowProps['format'] }) {
  const { t } = useTranslation();
  const over = isOver(at, format.now);
  const when = over ? format.list(at) : format.coming(at);
  return (
    <span className="row-due" data-over={over || undefined} title={t(over ? 'app.due.was' : 'app.due.by', { when: format.exact(at) })}>
      <Icon name="clock" size={13} />
      <span className="sr">{t(over ? 'app.due.was' : 'app.due.by', { when: '' })}</span>
      {when}
    </span>
  );
}

/** One conversation in a list: three lines, one height. */
export const Row = memo(function Row({
  conversation: c,
  format,
  href,
  index,
  total,
  isSelected,
  isCursor,
  isGone,
  preview,
  subject,
  group,
  onOpen,
  onHover,
  isPicked,
  isPicking,
  onPick,
}: RowProps) {
  const { t } = useTranslation();
  const chip = state(c, t, format);
  const tag = c.tags[0];
  const end = chip ? (
    <Chip tone={chip.tone} icon={chip.icon}>
      {chip.before} {chip.text}
    </Chip>
  ) : tag ? (
    <Chip tone="line">
      <TagSquare color={tag.color} /> {tag.name}
      {c.tags.length > 1 ? ` +${c.tags.length - 1}` : ''}
    </Chip>
  ) : null;
  const due = c.due_at && c.status.kind !== 'resolved' ? <Due at={c.due_at} format={format} /> : null;
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.button !== 0) return;
    if (isPicked !== null && (event.shiftKey || isPicking)) {
      event.preventDefault();
      onPick(c.id, event.shiftKey);
      return;
    }
    if (event.shiftKey) return;
    event.preventDefault();
    onOpen(c.id);
  };
  const name = c.customer.name || c.customer.email || t('app.no_name');
  return (
    // Keyboard use goes through the list box around it.
    <a
      id={`row-${c.id}`}
      role="option"
      tabIndex={-1}
      href={href}
      className="conv"
      lang={textLanguage(`${c.subject} ${c.preview}`)}
      aria-selected={isPicking ? isPicked === true : isSelected}
      data-open={isSelected || undefined}
      data-picked={isPicked || undefined}
      aria-posinset={index + 1}
      aria-setsize={total}
      data-first={index === 0 || group !== undefined || undefined}
      data-unread={c.unread || undefined}
      data-cursor={isCursor || undefined}
      data-gone={isGone || undefined}
      onClick={open}
      // The list box keeps the focus; the row only takes the click.
      onMouseDown={(event) => event.button === 0 && event.preventDefault()}
      onPointerEnter={() => onHover?.(c.id)}
      draggable={false}
    >
      {group ? <span className="sr">{group}</span> : null}
      {c.unread ? <span className="dot" /> : null}
      {isPicked === null ? null : (
        // For the pointer only: with the keyboard one picks by X, with a touch that stays or by the button above the list.
        <span
          className="pick"
          aria-hidden="true"
          onClick={(event) => {
            event.preventDefault();
            event.stopPropagation();
            onPick(c.id, event.shiftKey);
          }}
        >
          <span className="box">{isPicked ? <Icon name="check" size={14} /> : null}</span>
        </span>
      )}
      <Avatar name={name} seed={c.customer.id} channel={c.channel} />
      <span className="tx">
        <span className="l">
          <span className="who t1">{name}</span>
          {c.unread ? <span className="sr">{t('app.unread')}</span> : null}
          {c.priority === 'high' || c.priority === 'urgent' ? (
            <span className="flag" title={t(`app.priority.${c.priority}`)}>
              <Icon name="flag" size={13} />
              <span className="sr">{t(`app.priority.${c.priority}`)}</span>
            </span>
          ) : null}
          {due}
          <time dateTime={c.last_message_at} title={format.exact(c.last_message_at)}>
            {format.list(c.last_message_at)}
          </time>
        </span>
        <span className="l">
          <span className="subj t1">{subject ?? (c.subject || t('app.no_subject'))}</span>
          <span className="end wide">{end}</span>
        </span>
        <span className="l">
          <span className="prev snip t1">{preview ?? c.preview}</span>
          <span className="end">
            {end}
            {c.assignee ? <Avatar name={c.assignee.name} seed={c.assignee.id} size={20} title={t('app.assigned_to', { name: c.assignee.name })} /> : null}
          </span>
        </span>
      </span>
    </a>
  );
});
