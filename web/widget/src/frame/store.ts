// All that the frame knows, in one object; screens draw it and call the verbs in `verbs.ts`.
import type { PageSeen } from '../protocol';
import { keep } from './keep';
import { say } from './link';
import { type Letter, merge } from './outbox';
import type { Conversation, FirstWords, Message, Settings, Visitor } from './types';

export interface Thread {
  items: Message[];
  /** Older ones are further back. */
  next: string | null;
  state: 'loading' | 'here' | 'failed';
}

export interface State {
  settings: Settings | null;
  /** Settings cannot be had: why. */
  failed: string | null;
  open: boolean;
  view: 'home' | 'talk';
  /** The conversation on the screen; none yet for a new one. */
  current: string | null;
  visitor: Visitor | null;
  conversations: Conversation[];
  threads: Record<string, Thread>;
  box: Letter[];
  typing: Record<string, string>;
  /** The server is heard, or was never needed. */
  live: boolean;
  /** A sentence that wants to be read once. */
  notice: string | null;
  sound: boolean;
  page: PageSeen | null;
  /** Words that were said first and wait for an answer. */
  first: FirstWords | null;
  /** They stand beside the launcher. */
  card: boolean;
  /** The site can search in articles. */
  articles: boolean;
  /** Counts what has to be drawn anew by itself: another language. */
  turn: number;
}

let state: State = {
  settings: null,
  failed: null,
  open: false,
  view: 'home',
  current: null,
  visitor: null,
  conversations: [],
  threads: {},
  box: [],
  typing: {},
  live: true,
  notice: null,
  sound: true,
  page: null,
  first: null,
  card: false,
  articles: false,
  turn: 0,
};
let draw: () => void = () => {};
let planned = false;
let told = -1;

export const now = (): State => state;
export const onChange = (listener: () => void) => {
  draw = listener;
};

export function set(patch: Partial<State>): void {
  state = { ...state, ...patch };
  const unread = state.conversations.reduce((sum, one) => sum + one.unread, 0);
  if (unread !== told) {
    told = unread;
    say('unread', unread);
  }
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    draw();
  });
}

export const conversation = (id: string | null): Conversation | undefined => state.conversations.find((one) => one.id === id);

/** The newest first. */
export const order = (all: Conversation[]) => [...all].sort((a, b) => (a.last_at < b.last_at ? 1 : -1));

export function putConversation(news: Conversation): void {
  set({ conversations: order([news, ...state.conversations.filter((one) => one.id !== news.id)]) });
}
export function patchConversation(id: string, patch: Partial<Conversation>): void {
  set({ conversations: state.conversations.map((one) => (one.id === id ? { ...one, ...patch } : one)) });
}

/** Brings messages into a thread that is on the screen's side already. */
export function putMessages(id: string, news: Message[]): void {
  const thread = state.threads[id];
  set({ threads: { ...state.threads, [id]: { next: thread?.next ?? null, state: thread?.state ?? 'here', items: merge(thread?.items ?? [], news) } } });
}

/** What waits to be sent: read from storage each time, for another tab writes there too. */
export function changeBox(change: (box: Letter[]) => Letter[]): Letter[] {
  const box = change(keep.json<Letter[]>('box', []));
  keep.put('box', box.length > 0 ? box : null);
  set({ box });
  return box;
}
