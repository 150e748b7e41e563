import { type Attachment, type Mailbox, type Message, type NoteForm, Problem, post, type ReplyForm, type Status } from '@api';
import { create } from 'zustand';
import type { ComposerKind } from '../shell/state';

/** What an agent wrote, as the composer can show it again. */
export interface Written {
  kind: ComposerKind;
  html: string;
  to: Mailbox[];
  cc: Mailbox[];
  bcc: Mailbox[];
  attachments: Attachment[];
}

/** A message that is on its way to the server. It is kept on this device until the server has answered. */
export interface Outgoing {
  /** The Idempotency-Key: however often it is sent, the server takes it once. */
  key: string;
  /** Its stand-in in the thread. */
  id: string;
  conversation: string;
  at: string;
  written: Written;
  /** The status to set with it. */
  status: Status | null;
  ifLast: string | null;
  /** When it is to go out, if later. */
  sendAt?: string;
  /** The writer was warned and sends it all the same. */
  sure?: boolean;
  state: 'sending' | 'waiting' | 'refused';
  problem: { code: string; status: number; detail: string } | null;
  /** Since when the server says that it has seen the key but knows no end: it was stopped in the middle. */
  unclearSince: number | null;
}

interface Outbox {
  items: Outgoing[];
  /** One whose words the composer is to take back. */
  back: Outgoing | null;
}

export const useOutbox = create<Outbox>(() => ({ items: [], back: null }));

const storageKey = (agent: string) => `sonnim.outbox.${agent}`;
let owner: string | null = null;

const read = (): Outgoing[] => {
  if (!owner) return [];
  try {
    return JSON.parse(localStorage.getItem(storageKey(owner)) ?? '[]') as Outgoing[];
  } catch {
    return [];
  }
};
const change = (next: (items: Outgoing[]) => Outgoing[]): void => {
  const items = next(useOutbox.getState().items);
  useOutbox.setState({ items });
  if (!owner) return;
  try {
    if (items.length === 0) localStorage.removeItem(storageKey(owner));
    else localStorage.setItem(storageKey(owner), JSON.stringify(items));
  } catch {
    // Storage is full or closed: it stays in memory, and so it goes out while this page is open.
  }
};
const patch = (key: string, part: Partial<Outgoing>): void => change((items) => items.map((one) => (one.key === key ? { ...one, ...part } : one)));

/** Opens the outbox of an agent; what an earlier page left behind waits in it. */
export function openOutbox(agent: string): () => void {
  owner = agent;
  useOutbox.setState({ items: read().map((one) => (one.state === 'sending' ? { ...one, state: 'waiting' } : one)) });
  const follow = (event: StorageEvent) => {
    if (event.key !== storageKey(agent)) return;
    // Another page of ours sent, or kept, something; what this page is sending is its own.
    const mine = useOutbox.getState().items.filter((one) => one.state === 'sending');
    const theirs = read().filter((one) => !mine.some((other) => other.key === one.key));
    useOutbox.setState({ items: [...theirs, ...mine].sort((a, b) => (a.at < b.at ? -1 : 1)) });
  };
  addEventListener('storage', follow);
  return () => removeEventListener('storage', follow);
}

/** Forgets what this device keeps of an agent. */
export function clearOutbox(agent: string): void {
  localStorage.removeItem(storageKey(agent));
  useOutbox.setState({ items: [] });
}

/** A message for the outbox, not yet in it. */
export function outgoing(
  conversation: string,
  written: Written,
  status: Status | null,
  ifLast: string | null,
  now: Date,
  more: { sendAt?: string; sure?: boolean } = {},
): Outgoing {
  const key = crypto.randomUUID();
  return { key, id: `temp_${key}`, conversation, at: now.toISOString(), written, status, ifLast, state: 'sending', problem: null, unclearSince: null, ...more };
}

/** Whether a failure says nothing about the message: the same request may succeed later. */
export const mayPass = (problem: Problem): boolean =>
  problem.isOffline || problem.status === 401 || problem.status === 429 || problem.code === 'in_progress' || (problem.status >= 502 && problem.status <= 504);

const request = (one: Outgoing): Promise<Message> => {
  const { written, conversation, key, status: then } = one;
  const shared = { html: written.html, attachment_ids: written.attachments.map((file) => file.id) };
  if (written.kind === 'note') return post<Message>(`/conversations/${conversation}/notes`, shared satisfies NoteForm, { idempotencyKey: key });
  const form: ReplyForm = {
    ...shared,
    to: written.to,
    cc: written.cc,
    bcc: written.bcc,
    ...(then ? { then } : {}),
    ...(one.ifLast ? { if_last_message_id: one.ifLast } : {}),
    ...(one.sendAt ? { send_at: one.sendAt } : {}),
    ...(one.sure ? { allow_placeholders: true } : {}),
  };
  return post<Message>(`/conversations/${conversation}/replies`, form, { idempotencyKey: key });
};

/** A server that was stopped in the middle of a request has given up on it after this time. */
const UNCLEAR = 60_000;

async function attempt(one: Outgoing, find: (one: Outgoing) => Promise<Message | null>): Promise<Message | null> {
  patch(one.key, { state: 'sending' });
  try {
    const message = await request(one);
    remove(one.key);
    return message;
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem('unknown', 0, String(error));
    if (problem.code === 'in_progress') {
      // Told of the message, but not how it ended: look for it before anything is sent again.
      const found = await find(one).catch(() => null);
      if (found) {
        remove(one.key);
        return found;
      }
      const since = one.unclearSince ?? Date.now();
      // It did not happen and will not any more: it may be sent afresh.
      if (Date.now() - since > UNCLEAR) patch(one.key, { key: crypto.randomUUID(), state: 'waiting', unclearSince: null });
      else patch(one.key, { state: 'waiting', unclearSince: since });
      return null;
    }
    if (mayPass(problem)) {
      patch(one.key, { state: 'waiting' });
      return null;
    }
    patch(one.key, { state: 'refused', problem: { code: problem.code, status: problem.status, detail: problem.detail } });
    throw problem;
  }
}

export const remove = (key: string): void => change((items) => items.filter((one) => one.key !== key));

/** Keeps a message and sends it. Gives what the server made of it, or nothing when it has to wait; a refusal is thrown, and nothing stays. */
export async function send(one: Outgoing, find: (one: Outgoing) => Promise<Message | null>): Promise<Message | null> {
  change((items) => [...items, one]);
  try {
    return await attempt(one, find);
  } catch (error) {
    remove(one.key);
    throw error;
  }
}

/** Sends what waits, in the order in which it was written, on one page at a time. What is refused stays, with the reason. */
export async function flush(
  find: (one: Outgoing) => Promise<Message | null>,
  settled: (one: Outgoing, message: Message) => void,
  refused: (why: unknown) => void,
): Promise<void> {
  if (!useOutbox.getState().items.some((one) => one.state === 'waiting')) return;
  const work = async () => {
    for (const { key } of useOutbox.getState().items) {
      const one = useOutbox.getState().items.find((other) => other.key === key);
      if (one?.state !== 'waiting') continue;
      try {
        const message = await attempt(one, find);
        // Still no way through: the others wait too.
        if (!message) return;
        // What was written after it knows of it: our own message is no news to us.
        for (const later of useOutbox.getState().items)
          if (later.conversation === one.conversation && later.ifLast === one.ifLast) patch(later.key, { ifLast: later.ifLast && message.id });
        settled(one, message);
      } catch (error) {
        refused(error);
      }
    }
  };
  if (!('locks' in navigator)) return work();
  await navigator.locks.request('sonnim.outbox', { ifAvailable: true }, async (lock) => {
    if (lock) await work();
  });
}

/** Sends a refused message once more, as it is and whatever came since. */
export const insist = (key: string): void => patch(key, { key: crypto.randomUUID(), state: 'waiting', ifLast: null, problem: null });

/** What the thread shows until the server has answered. */
export function standInOf(one: Outgoing, me: { id: string; name: string; email: string }): Message {
  const { written } = one;
  return {
    id: one.id,
    conversation_id: one.conversation,
    kind: written.kind,
    author: { kind: 'agent', id: me.id, name: me.name, email: me.email },
    subject: null,
    text: '',
    html: written.html,
    reply_html: written.html,
    reply_text: '',
    has_quote: false,
    from: null,
    to: written.to,
    cc: written.cc,
    bcc: written.bcc,
    attachments: written.attachments.map((file) => ({ ...file, inline: written.html.includes(file.id) })),
    created_at: one.at,
    sent_at: null,
    delivery: null,
    authentication: null,
    forwarded_by: null,
    edited_at: null,
    redacted_at: null,
    interactive: null,
    answers: null,
    held: false,
    whispered_to: null,
  };
}
