import type { Event, FieldValue } from '@api';
import type { EventLine } from '../conversation/event-text';

/** Quiet lines about where a conversation lies and what became of it. */
export const WORK_EVENTS = [
  'conversation.shelved',
  'conversation.restored',
  'conversation.merged',
  'conversation.unmerged',
  'conversation.split',
  'conversation.fields_changed',
  'conversation.side',
  'conversation.transcript',
  'conversation.became_due',
  'chat.ended',
  'chat.updated',
  'chat.invited',
  'conversation.routed',
  'conversation.invited',
  'conversation.taken_over',
  'chat.callback_requested',
  'chat.called',
] as const;

const KEYS = [
  'trashed',
  'spam',
  'spam_blocked',
  'untrashed',
  'unspam',
  'merged',
  'merged_away',
  'unmerged',
  'unmerged_away',
  'split',
  'split_from',
  'field',
  'side_begun',
  'side_answered',
  'side_failed',
  'transcript_sent',
  'transcript_notes',
  'transcript_failed',
  'became_due',
  'due',
  'never_due',
  'chat_ended',
  'chat_ended_by_customer',
  'chat_held',
  'chat_left',
  'chat_rated',
  'chat_mailed',
  'chat_mail_failed',
  'chat_invited',
  'chat_invited_rule',
  'routed',
  'waits',
  'passed',
  'invited',
  'joined',
  'left',
  'declined',
  'taken_over',
  'wants_call',
  'called',
] as const;
/** One field of a conversation that has another value. */
export interface FieldChange {
  field: string;
  key: string;
  from: FieldValue;
  to: FieldValue;
}
export type WorkEvent = (typeof KEYS)[number];
export type WorkSign = 'trash' | 'spam' | 'merge' | 'field' | 'side' | 'transcript' | 'due' | 'chat' | 'route' | 'guest';
/** Why a queue did something: a code, and values for the sentence. */
export interface RoutedWhy {
  code: string;
  values: Record<string, unknown>;
}

/** What is worth a line; the rest shows elsewhere. */
const CHAT = { held: 'chat_held', left: 'chat_left', rated: 'chat_rated', mailed: 'chat_mailed', mail_failed: 'chat_mail_failed' } as const;
const GUEST = { invited: 'invited', joined: 'joined', left: 'left', declined: 'declined' } as const;
const SIDE = { begun: 'side_begun', answered: 'side_answered', failed: 'side_failed' } as const;

export const isWorkEvent = (key: string): key is WorkEvent => (KEYS as readonly string[]).includes(key);

/** What such an event says in the thread. */
export function describeWork(event: Event, nameOf: (id: string) => string | undefined): EventLine[] {
  const values = { who: event.actor.name };
  const trash = event.data.shelf === 'trash';
  switch (event.kind) {
    case 'conversation.shelved':
      if (trash) return [{ key: 'trashed', sign: 'trash', values }];
      return [{ key: event.actor.kind === 'system' ? 'spam_blocked' : 'spam', sign: 'spam', values }];
    case 'conversation.restored':
      return [{ key: trash ? 'untrashed' : 'unspam', sign: trash ? 'trash' : 'spam', values }];
    case 'conversation.routed': {
      const { agent, queue_name: queue, why } = event.data;
      if ((why as RoutedWhy).code === 'transferred') return [{ key: 'passed', sign: 'route', values: { ...values, queue: String(queue) } }];
      const line = { sign: 'route', why: why as RoutedWhy } as const;
      if (typeof agent !== 'string') return [{ ...line, key: 'waits', values: { queue: String(queue) } }];
      return [{ ...line, key: 'routed', values: { queue: String(queue), name: nameOf(agent) ?? '…' } }];
    }
    case 'conversation.invited': {
      const key = GUEST[event.data.change as keyof typeof GUEST];
      return key ? [{ key, sign: 'guest', values: { ...values, name: nameOf(String(event.data.agent)) ?? '…' } }] : [];
    }
    case 'conversation.taken_over':
      return [{ key: 'taken_over', sign: 'guest', values: { ...values, name: nameOf(String(event.data.from)) ?? '…' } }];
    case 'chat.callback_requested':
      return [{ key: 'wants_call', sign: 'due', values }];
    case 'chat.called':
      return [{ key: 'called', sign: 'chat', values }];
    case 'conversation.became_due':
      return [{ key: 'became_due', sign: 'due', values }];
    case 'chat.ended':
      return [{ key: event.data.by === 'customer' ? 'chat_ended_by_customer' : 'chat_ended', sign: 'chat', values }];
    case 'chat.invited': {
      const { text, rule } = event.data;
      const said = { ...values, text: String(text) };
      if (typeof rule === 'string') return [{ key: 'chat_invited_rule', sign: 'chat', values: { ...said, rule } }];
      return [{ key: 'chat_invited', sign: 'chat', values: said }];
    }
    case 'chat.updated': {
      const key = CHAT[event.data.change as keyof typeof CHAT];
      return key ? [{ key, sign: 'chat', values }] : [];
    }
    case 'conversation.side':
      return [{ key: SIDE[event.data.change as keyof typeof SIDE] ?? SIDE.begun, sign: 'side', values }];
    case 'conversation.transcript': {
      const key = event.data.state === 'failed' ? 'transcript_failed' : event.data.notes === true ? 'transcript_notes' : 'transcript_sent';
      return [{ key, sign: 'transcript', values: { ...values, to: String(event.data.to) } }];
    }
    case 'conversation.merged':
    case 'conversation.unmerged':
    case 'conversation.split': {
      const here = event.data.into === event.conversation_id;
      const number = String(here ? event.data.from_number : event.data.into_number);
      const name = event.kind.slice('conversation.'.length) as 'merged' | 'unmerged' | 'split';
      const key = name === 'split' ? (here ? 'split_from' : 'split') : here ? name : (`${name}_away` as const);
      return [{ key, sign: 'merge', values: { ...values, number } }];
    }
    case 'conversation.fields_changed': {
      const changes = Array.isArray(event.data.changes) ? (event.data.changes as FieldChange[]) : [];
      return changes.map((field) => ({ key: 'field', sign: 'field', values, field }));
    }
    default:
      return [];
  }
}
