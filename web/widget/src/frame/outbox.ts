// Words that the server does not have yet. Each carries the key that makes it arrive once, however often it is sent; the box stands
// in storage, so that a reload, a dead line or a second tab loses nothing and sends nothing twice.
import type { FileRef, Message, Pick } from './types';

export interface Letter {
  /** Idempotency-Key of all tries. */
  key: string;
  /** Where it belongs; `new-…` while that conversation does not exist. */
  conversation: string;
  text: string;
  files: FileRef[];
  form: Record<string, string>;
  /** Where the answer is to go, told with the first message. */
  email?: string;
  /** What it answers: the first words of a conversation that we began. */
  invitation?: string;
  /** Who said them, as it was shown. */
  by?: string;
  /** It answers what a message offers. */
  answer?: { to: string } & Pick;
  at: string;
  /** Why the server will not have it; it waits for its writer. */
  refused: string | null;
}

/** Stands for a conversation that its first message will begin. */
export const isNew = (conversation: string): boolean => conversation.startsWith('new-');

/** The next one to send: in order, and none past one that was refused in the same conversation. */
export function next(box: readonly Letter[]): Letter | undefined {
  const stopped = new Set<string>();
  return box.find((letter) => {
    if (letter.refused) stopped.add(letter.conversation);
    return !stopped.has(letter.conversation);
  });
}

export const without = (box: readonly Letter[], key: string): Letter[] => box.filter((letter) => letter.key !== key);

export const refuse = (box: readonly Letter[], key: string, refused: string | null): Letter[] =>
  box.map((letter) => (letter.key === key ? { ...letter, refused } : letter));

/** The conversation exists now: what else waits for it goes there. */
export const settle = (box: readonly Letter[], from: string, to: string): Letter[] =>
  box.map((letter) => (letter.conversation === from ? { ...letter, conversation: to } : letter));

/** What arrived although its answer was lost is no longer waiting. */
export const arrived = (box: readonly Letter[], messages: readonly Message[]): Letter[] => {
  const keys = new Set(messages.map((message) => message.client_key));
  return box.filter((letter) => !keys.has(letter.key));
};

/** Messages in order, each once; what is newer replaces what is known of it. */
export function merge(known: readonly Message[], news: readonly Message[]): Message[] {
  const all = new Map(known.map((message) => [message.id, message]));
  for (const message of news) all.set(message.id, message);
  return [...all.values()].sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
}
