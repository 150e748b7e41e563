import type { Event } from '@api';

export interface EventLine {
  key: 'created' | 'took' | 'assigned' | 'unassigned' | 'team' | 'status' | 'snoozed' | 'woke' | 'tag_added' | 'tag_removed' | 'subject' | 'priority' | 'moved';
  sign: 'arrive' | 'person' | 'people' | 'status' | 'snooze' | 'tag' | 'pen' | 'flag' | 'move';
  values: Record<string, string>;
  status?: string;
  priority?: string;
  until?: string;
}

type Data = Record<string, unknown>;

const nameOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value;
  if (value && typeof value === 'object' && typeof (value as Data).name === 'string') return (value as Data).name as string;
  return null;
};
const namesOf = (value: unknown): string => (Array.isArray(value) ? value.map(nameOf).filter(Boolean).join(', ') : '');
const kindOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value;
  if (value && typeof value === 'object' && typeof (value as Data).kind === 'string') return (value as Data).kind as string;
  return null;
};

const STATUSES = ['open', 'pending', 'on_hold', 'snoozed', 'resolved'];
const PRIORITIES = ['low', 'normal', 'high', 'urgent'];

/** What an event says in the thread; nothing for events that do not belong there or that we cannot read. */
export function describeEvent(event: Event): EventLine[] {
  const who = event.actor.name;
  const data = event.data;
  const lines: EventLine[] = [];
  switch (event.kind) {
    case 'conversation.created':
      lines.push({ key: 'created', sign: 'arrive', values: { who } });
      break;
    case 'conversation.assigned': {
      const assignee = data.assignee as { id?: string; name?: string } | null | undefined;
      if (assignee?.name) {
        const self = assignee.id !== undefined && assignee.id === event.actor.id;
        lines.push({ key: self ? 'took' : 'assigned', sign: 'person', values: { who, name: assignee.name } });
      } else if (assignee === null && !nameOf(data.team)) lines.push({ key: 'unassigned', sign: 'person', values: { who } });
      const team = nameOf(data.team);
      if (team) lines.push({ key: 'team', sign: 'people', values: { who, name: team } });
      break;
    }
    case 'conversation.status_changed': {
      const to = kindOf(data.to);
      if (!to || !STATUSES.includes(to)) break;
      const until = data.to && typeof data.to === 'object' ? ((data.to as Data).until as string | undefined) : undefined;
      if (to === 'snoozed' && until) lines.push({ key: 'snoozed', sign: 'snooze', values: { who }, until });
      else lines.push({ key: 'status', sign: 'status', values: { who }, status: to });
      break;
    }
    case 'conversation.tagged': {
      const added = namesOf(data.added);
      const removed = namesOf(data.removed);
      if (added) lines.push({ key: 'tag_added', sign: 'tag', values: { who, name: added } });
      if (removed) lines.push({ key: 'tag_removed', sign: 'tag', values: { who, name: removed } });
      break;
    }
    case 'conversation.updated': {
      const changes = (data.changes ?? {}) as Record<string, { from?: unknown; to?: unknown } | undefined>;
      const subject = nameOf(changes.subject?.to);
      if (subject) lines.push({ key: 'subject', sign: 'pen', values: { who, name: subject } });
      const priority = kindOf(changes.priority?.to);
      if (priority && PRIORITIES.includes(priority)) lines.push({ key: 'priority', sign: 'flag', values: { who }, priority });
      const inbox = changes.inbox?.to && typeof changes.inbox.to === 'object' ? nameOf(changes.inbox.to) : null;
      if (inbox) lines.push({ key: 'moved', sign: 'move', values: { who, name: inbox } });
      break;
    }
  }
  return lines;
}
