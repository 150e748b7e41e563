import type { Event } from '@api';
import type { EventLine } from '../conversation/event-text';

/** Quiet lines about where a conversation lies and what became of it. */
export const WORK_EVENTS = ['conversation.shelved', 'conversation.restored'] as const;

const KEYS = ['trashed', 'spam', 'spam_blocked', 'untrashed', 'unspam'] as const;
export type WorkEvent = (typeof KEYS)[number];
export type WorkSign = 'trash' | 'spam' | 'merge';

export const isWorkEvent = (key: string): key is WorkEvent => (KEYS as readonly string[]).includes(key);

/** What such an event says in the thread. */
export function describeWork(event: Event): EventLine[] {
  const values = { who: event.actor.name };
  const trash = event.data.shelf === 'trash';
  switch (event.kind) {
    case 'conversation.shelved':
      if (trash) return [{ key: 'trashed', sign: 'trash', values }];
      return [{ key: event.actor.kind === 'system' ? 'spam_blocked' : 'spam', sign: 'spam', values }];
    case 'conversation.restored':
      return [{ key: trash ? 'untrashed' : 'unspam', sign: trash ? 'trash' : 'spam', values }];
    default:
      return [];
  }
}
