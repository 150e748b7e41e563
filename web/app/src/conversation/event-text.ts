import type { Event } from '@api';
import { describeWork, type FieldChange, type RoutedWhy, type WorkEvent, type WorkSign } from '../work/events';

export interface EventLine {
  key: 'took' | 'assigned' | 'unassigned' | 'team' | 'status' | 'snoozed' | 'tag_added' | 'tag_removed' | 'subject' | 'priority' | 'moved' | WorkEvent;
  sign: 'person' | 'people' | 'status' | 'snooze' | 'tag' | 'pen' | 'flag' | 'move' | WorkSign;
  values: Record<string, string>;
  status?: string;
  /** What the workspace calls that status. */
  named?: string;
  priority?: string;
  until?: string;
  field?: FieldChange;
  why?: RoutedWhy;
}

type Data = Record<string, unknown>;

/** Names by id, as the page knows them. */
export type NameOf = (id: string) => string | undefined;

const idOf = (value: unknown): string | null =>
  typeof value === 'string' ? value : value && typeof value === 'object' ? (((value as Data).id as string | undefined) ?? null) : null;
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const kindOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value;
  if (value && typeof value === 'object' && typeof (value as Data).kind === 'string') return (value as Data).kind as string;
  return null;
};

/** More names than these are counted. */
const MANY = 5;
const STATUSES = ['open', 'pending', 'on_hold', 'snoozed', 'resolved'];
const PRIORITIES = ['low', 'normal', 'high', 'urgent'];

/** What an event says in the thread; nothing for events that do not belong there or that we cannot read. */
export function describeEvent(event: Event, nameOf: NameOf): EventLine[] {
  const who = event.actor.name;
  const data = event.data;
  const lines: EventLine[] = [];
  const called = (value: unknown): string | null => {
    const id = idOf(value);
    return id === null ? null : (nameOf(id) ?? '…');
  };
  const all = (value: unknown): string => {
    const names = Array.isArray(value) ? value.map(called).filter(Boolean) : [];
    return names.length > MANY ? `${names.slice(0, MANY).join(', ')} +${names.length - MANY}` : names.join(', ');
  };
  switch (event.kind) {
    case 'conversation.assigned': {
      const assignee = idOf(data.assignee);
      const team = called(data.team);
      if (assignee)
        lines.push({
          key: assignee === event.actor.id ? 'took' : 'assigned',
          sign: 'person',
          values: { who, name: [called(assignee), team].filter(Boolean).join(' · ') },
        });
      else if (!team) lines.push({ key: 'unassigned', sign: 'person', values: { who } });
      // The event tells both as they are now: one line is enough.
      if (team && !assignee) lines.push({ key: 'team', sign: 'people', values: { who, name: team } });
      break;
    }
    case 'conversation.status_changed': {
      const to = kindOf(data.to);
      if (!to || !STATUSES.includes(to)) break;
      const until = textOf(data.until) ?? (data.to && typeof data.to === 'object' ? textOf((data.to as Data).until) : null);
      if (to === 'snoozed' && until) lines.push({ key: 'snoozed', sign: 'snooze', values: { who }, until });
      else lines.push({ key: 'status', sign: 'status', values: { who }, status: to, named: called(data.to_custom) ?? undefined });
      break;
    }
    case 'conversation.tagged': {
      const added = all(data.added);
      const removed = all(data.removed);
      if (added) lines.push({ key: 'tag_added', sign: 'tag', values: { who, name: added } });
      if (removed) lines.push({ key: 'tag_removed', sign: 'tag', values: { who, name: removed } });
      break;
    }
    case 'conversation.updated': {
      const changes = (data.changes ?? {}) as Record<string, { from?: unknown; to?: unknown } | undefined>;
      const subject = textOf(changes.subject?.to);
      if (subject) lines.push({ key: 'subject', sign: 'pen', values: { who, name: subject } });
      const priority = kindOf(changes.priority?.to);
      if (priority && PRIORITIES.includes(priority)) lines.push({ key: 'priority', sign: 'flag', values: { who }, priority });
      if (changes.due_at) {
        const until = textOf(changes.due_at.to);
        lines.push(until ? { key: 'due', sign: 'due', values: { who }, until } : { key: 'never_due', sign: 'due', values: { who } });
      }
      const inbox = called(changes.inbox?.to ?? changes.inbox_id?.to);
      if (inbox) lines.push({ key: 'moved', sign: 'move', values: { who, name: inbox } });
      break;
    }
    default:
      return describeWork(event, nameOf);
  }
  return lines;
}
