// What a visitor does, and what the server says of it.
import type { PageSeen } from '../protocol';
import { call, Refusal, setToken } from './api';
import { live, sentence, settled, tell } from './core';
import { keep } from './keep';
import { say } from './link';
import { arrived, isNew, type Letter, next, refuse, settle, without } from './outbox';
import { patience } from './rest';
import { chime } from './sound';
import { backOff } from './sse';
import { changeBox, conversation, now, order, patchConversation, putConversation, putMessages, set } from './store';
import { type Following, follow } from './stream';
import type { Conversation, FileRef, FirstWords, Message, Pick, Session, TeamNow, Visitor, Wait } from './types';
import { language, t } from './words';

/** Works over http as well, where a browser gives no `randomUUID`. */
export const uuid = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** One tab at a time. Where a browser has no locks, or none for frames, the server alone sees to it that things happen once. */
async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
  let begun = false;
  const once = () => {
    begun = true;
    return work();
  };
  try {
    if (navigator.locks) return await navigator.locks.request(`sonnim.${name}`, once);
  } catch (error) {
    if (begun) throw error;
  }
  return work();
}

/* ── The session ── */

let cursor: string | null = null;
let line: Following | null = null;

const pageSeen = (): PageSeen | undefined => (now().settings?.consent.page && keep.may() ? (now().page ?? undefined) : undefined);

/** Makes sure that we are somebody: with the token of an earlier visit, or as a new visitor. */
export function session(identity?: string): Promise<void> {
  return locked('session', async () => {
    const start = (token: string | null) => {
      setToken(token);
      return call<Session>('POST', '/session', { body: { token: token ?? undefined, identity, locale: language(), page: pageSeen() } });
    };
    const known = keep.get('token');
    const answer = await start(known).catch((error) => {
      if (known && !identity && error instanceof Refusal && error.status === 401) return start(null);
      throw error;
    });
    const token = answer.token ?? known;
    setToken(token);
    if (token !== keep.get('token')) keep.set('token', token);
    const isOther = now().visitor !== null && now().visitor?.id !== answer.visitor.id;
    cursor = answer.cursor;
    set({ visitor: answer.visitor, conversations: order(answer.conversations), ...(isOther ? { threads: {}, current: null, view: 'home' } : {}) });
    await settled();
    line?.stop();
    line = follow({ after: () => cursor, live: () => !!now().settings?.live && keep.may(), onFrame, onLine, onExpired });
    const { current, view } = now();
    if (view === 'talk' && current && !isNew(current)) void loadThread(current);
  });
}

const onLine = (live: boolean) => {
  set({ live });
  if (live) void flush();
};

// Who has the line counts as somebody who sees what comes, and is not mailed: nobody looks, nobody has it.
const rests = patience();
setInterval(() => {
  const { conversations, open } = now();
  const seen = { unread: conversations.some((one) => one.unread > 0), talks: conversations.length > 0, open, hidden: document.hidden };
  if (rests(seen, Date.now())) line?.rest();
}, 15_000);

const onExpired = () => {
  keep.set('token', null);
  session().catch(tell);
};

/** Whether words of theirs are on the screen and looked at. */
const isLooking = (id: string) => now().open && now().view === 'talk' && now().current === id && !document.hidden;

function onFrame(event: string, body: Record<string, unknown>, id: string | null): void {
  if (id) cursor = id;
  const about = body.conversation_id as string;
  if (event === 'hello') cursor ??= body.cursor as string;
  else if (event === 'reload') {
    cursor = null;
    set({ threads: {} });
    session().catch(() => line?.wake());
  } else if (event === 'typing') typing(about, body.typing ? String(body.name ?? '') : null);
  else if (event === 'wait') patchConversation(about, { wait: body.wait as Wait | null });
  else if (event === 'team') {
    const { settings } = now();
    if (settings) set({ settings: { ...settings, team: body.team as TeamNow } });
  } else if (event === 'invitation') {
    live().then(
      (all) => all.invite({ ...(body as unknown as FirstWords), rule: 'agent' }),
      () => {},
    );
  } else if (body.kind === 'conversation') {
    putConversation(body.conversation as Conversation);
    if (isLooking((body.conversation as Conversation).id)) markRead();
  } else if (body.kind === 'message') onMessage(about, body.message as Message);
}

function onMessage(id: string, message: Message): void {
  const isNews = message.from === 'agent' && !now().threads[id]?.items.some((one) => one.id === message.id);
  if (now().threads[id]) putMessages(id, [message]);
  changeBox((box) => arrived(box, [message]));
  if (message.from !== 'agent') return;
  typing(id, null);
  if (!isNews) return;
  say('message', { conversation_id: id, at: message.at });
  if (!isLooking(id)) {
    if (now().sound) chime();
  } else markRead();
}

const ends = new Map<string, ReturnType<typeof setTimeout>>();
function typing(id: string, name: string | null): void {
  clearTimeout(ends.get(id));
  const { [id]: _, ...others } = now().typing;
  set({ typing: name === null ? others : { ...others, [id]: name } });
  if (name !== null)
    ends.set(
      id,
      setTimeout(() => typing(id, null), 8000),
    );
}

/* ── Looking ── */

export async function loadThread(id: string, before?: string): Promise<void> {
  const known = now().threads[id];
  if (!known) set({ threads: { ...now().threads, [id]: { items: [], next: null, state: 'loading' } } });
  try {
    const page = await call<{ items: Message[]; next: string | null }>(
      'GET',
      `/conversations/${id}/messages?limit=40${before ? `&before=${encodeURIComponent(before)}` : ''}`,
    );
    putMessages(id, page.items);
    const thread = now().threads[id];
    const isFirst = !known || before !== undefined;
    if (thread) set({ threads: { ...now().threads, [id]: { ...thread, state: 'here', next: isFirst ? page.next : thread.next } } });
    changeBox((box) => arrived(box, page.items));
    markRead();
  } catch (error) {
    const thread = now().threads[id];
    if (thread && thread.items.length === 0) set({ threads: { ...now().threads, [id]: { ...thread, state: 'failed' } } });
    else tell(error);
  }
}

/** Says up to where their words were read, once for each. */
const readTo: Record<string, string> = {};
export function markRead(): void {
  const { current: id } = now();
  if (!id || !isLooking(id)) return;
  const last = now().threads[id]?.items.findLast((message) => message.from === 'agent');
  if (conversation(id)?.unread) patchConversation(id, { unread: 0 });
  if (!last || readTo[id] === last.id) return;
  readTo[id] = last.id;
  call('POST', `/conversations/${id}/read`, { body: { message: last.id } }).catch(() => {
    delete readTo[id];
  });
}

/* ── Writing ── */

export function write(text: string, files: FileRef[], form: Record<string, string>, email?: string): void {
  const id = now().current ?? `new-${uuid()}`;
  if (id !== now().current) set({ current: id });
  const letter: Letter = {
    key: uuid(),
    conversation: id,
    text,
    files,
    form,
    email,
    ...(isNew(id) && { invitation: now().first?.rule, by: now().first?.name ?? undefined }),
    at: new Date().toISOString(),
    refused: null,
  };
  changeBox((box) => [...box, letter]);
  set({ card: false });
  void flush();
}
/** Answers what a message offers. */
export function answer(message: Message, text: string, pick: Pick): void {
  const { current: id } = now();
  if (!id) return;
  const to = message.id;
  changeBox((box) => [
    ...box.filter((letter) => letter.answer?.to !== to),
    { key: uuid(), conversation: id, text, files: [], form: {}, answer: { to, ...pick }, at: new Date().toISOString(), refused: null },
  ]);
  void flush();
}
export function again(key: string): void {
  changeBox((box) => refuse(box, key, null));
  void flush();
}
/** Takes back what could not be sent; gives it for the composer. */
export function takeBack(key: string): Letter | undefined {
  const letter = now().box.find((one) => one.key === key);
  changeBox((box) => without(box, key));
  return letter;
}

let tries = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let running = false;
let more = false;

/** Sends what waits, in order. */
export async function flush(): Promise<void> {
  clearTimeout(timer);
  if (running) {
    more = true;
    return;
  }
  running = true;
  try {
    // Without a session a second tab may be making one: then it is the same one.
    if (next(now().box) && !keep.get('token')) await session();
    await locked('box', async () => {
      for (let letter = next(changeBox((box) => box)); letter; letter = next(changeBox((box) => box))) await send(letter);
    });
    tries = 0;
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) {
      keep.set('token', null);
      tries += 1;
    }
    const after = error instanceof Refusal ? error.after : 0;
    if (after) tell(error);
    timer = setTimeout(flush, 1000 * Math.max(after, backOff(tries++, Math.random())));
  } finally {
    running = false;
    if (more) {
      more = false;
      void flush();
    }
  }
}

async function send(letter: Letter): Promise<void> {
  const { key, conversation: id, text, files, form } = letter;
  const attachments = files.map((file) => file.id);
  try {
    if (isNew(id)) {
      if (letter.email) await claim({ email: letter.email });
      const begun = await call<{ conversation: Conversation; message: Message }>('POST', '/conversations', {
        once: key,
        body: { text, attachments, form, page: pageSeen(), invitation: letter.invitation, invitation_by: letter.by },
      });
      const real = begun.conversation.id;
      putConversation(begun.conversation);
      putMessages(real, [begun.message]);
      changeBox((box) => settle(without(box, key), id, real));
      if (now().current === id) {
        set({ current: real, first: null });
        keep.set('at', real);
      }
      void loadThread(real);
    } else {
      const message = await call<Message>('POST', `/conversations/${id}/messages`, {
        once: key,
        body: letter.answer ? { answer: letter.answer } : { text, attachments },
      });
      putMessages(id, [message]);
      changeBox((box) => without(box, key));
    }
  } catch (error) {
    if (!(error instanceof Refusal) || error.passes || error.status === 401) throw error;
    // Answered in another tab; or what it offered is gone, and then it is words.
    if (letter.answer && error.code === 'answered') return void changeBox((box) => without(box, key));
    if (letter.answer && error.status === 404) return void changeBox((box) => box.map((one) => (one.key === key ? { ...one, answer: undefined } : one)));
    // The conversation is not ours any more, or is gone: the words begin another one.
    if (error.status === 404 && !isNew(id)) {
      const fresh = `new-${uuid()}`;
      changeBox((box) => settle(box, id, fresh));
      if (now().current === id) set({ current: fresh });
    } else changeBox((box) => refuse(box, key, sentence(error)));
  }
}

/** Wakes what waits for the line. */
export const wake = () => {
  line?.wake();
  void flush();
};

let typedAt = 0;
/** Tells that the visitor writes, at most every three seconds. */
export function typed(text: string): void {
  const { current: id } = now();
  if (!id || isNew(id) || (text && Date.now() - typedAt < 3000)) return;
  typedAt = text ? Date.now() : 0;
  // What is not sent yet leaves this browser only where the inbox says that it wants it; then the visitor is told so.
  const shown = text && !now().settings?.typing_preview ? undefined : text.slice(0, 500);
  call('POST', `/conversations/${id}/typing`, { body: { text: shown } }).catch(() => {});
}

/* ── The rest of what one can do in a conversation ── */

const act = (id: string, verb: string, body: unknown = {}) => call<void>('POST', `/conversations/${id}/${verb}`, { body });

export const end = (id: string) => act(id, 'end').then(() => patchConversation(id, { state: 'ended' }));
export const rate = (id: string, score: number, comment: string) =>
  act(id, 'rating', { score, comment: comment || undefined }).then(() => patchConversation(id, { rating: { score } }));
export const leave = (id: string, email: string) => act(id, 'leave', { email }).then(() => set({ notice: t('leave_done', { email }) }));
export const transcript = (id: string, email: string) => act(id, 'transcript', { email }).then(() => set({ notice: t('transcript_done', { email }) }));

export const callMe = (id: string, phone: string, at: string | null) => act(id, 'callback', { phone, at });

export async function claim(claims: { name?: string; email?: string }): Promise<void> {
  if (!keep.get('token')) await session();
  set({ visitor: await call<Visitor>('POST', '/visitor', { body: claims }) });
}

export async function identify(token: string): Promise<void> {
  try {
    await session(token);
    say('identified', { ok: true });
  } catch (error) {
    say('identified', { ok: false, code: error instanceof Refusal ? error.code : 'failed' });
  }
}

/** The site signs its visitor out: this browser forgets, and so does the server. */
export async function shutdown(): Promise<void> {
  line?.stop();
  if (keep.get('token')) {
    setToken(keep.get('token'));
    await call('DELETE', '/session').catch(() => {});
  }
  keep.clear();
  setToken(null);
  say('gone');
}
