import type { Conversation, Message, Page, StreamItem } from '@api';
import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { type ConversationPages, keys, type TimelinePages } from '../conversation/cache';
import { applyBatch } from './apply';

const conversation = (id: string, change: Partial<Conversation> = {}): Conversation =>
  ({
    id,
    version: 1,
    subject: 'a',
    status: { kind: 'open' },
    assignee: null,
    team: null,
    inbox: { id: 'inb_1' },
    customer: { id: 'cus_1' },
    merged_into: null,
    ...change,
  }) as Conversation;
const item = (kind: string, c: Conversation | null, message: Message | null = null, actor = 'cus_1'): StreamItem => ({
  kind,
  conversation: c,
  message,
  event: {
    id: `evt_${Math.random()}`,
    at: '',
    kind,
    actor: { kind: actor.startsWith('agt') ? 'agent' : 'customer', id: actor, name: 'x' },
    conversation_id: c?.id ?? null,
    data: {},
  },
  data: {},
});
function client(): QueryClient {
  const made = new QueryClient();
  made.setQueryData<ConversationPages>(keys.list('all_open', 'newest'), {
    pages: [{ items: [conversation('cnv_1'), conversation('cnv_2')], next: null }],
    pageParams: [null],
  });
  return made;
}
const rows = (c: QueryClient) => c.getQueryData<ConversationPages>(keys.list('all_open', 'newest'))?.pages[0]?.items.map((one) => `${one.id}:${one.subject}`);

test('a change is drawn in its row and moves nothing', () => {
  const c = client();
  const applied = applyBatch(c, [item('conversation.updated', conversation('cnv_2', { version: 2, subject: 'b' }))], 'agt_1');
  expect(rows(c)).toEqual(['cnv_1:a', 'cnv_2:b']);
  expect(applied.waiting.size).toBe(0);
});
test('an older version than ours is ignored', () => {
  const c = client();
  applyBatch(c, [item('conversation.updated', conversation('cnv_1', { version: 0, subject: 'old' }))], 'agt_1');
  expect(rows(c)?.[0]).toBe('cnv_1:a');
});
test('a new conversation waits behind the pill', () => {
  const c = client();
  const applied = applyBatch(c, [item('conversation.created', conversation('cnv_3'))], 'agt_1');
  expect(rows(c)).toHaveLength(2);
  expect([...(applied.waiting.get('all_open') ?? [])]).toEqual(['cnv_3']);
});
test('so does one whose customer wrote again, but not one that I answered', () => {
  const c = client();
  expect(applyBatch(c, [item('message.received', conversation('cnv_2'))], 'agt_1').waiting.get('all_open')?.size).toBe(1);
  expect(applyBatch(c, [item('message.replied', conversation('cnv_2'), null, 'agt_1')], 'agt_1').waiting.size).toBe(0);
});
test('a message that was taken back is gone for everybody', () => {
  const c = client();
  c.setQueryData<TimelinePages>(keys.timeline('cnv_1'), {
    pages: [{ items: [{ type: 'message', message: { id: 'msg_1' } as Message }], next: null }],
    pageParams: [null],
  });
  const undone = item('message.delivery_changed', conversation('cnv_1'));
  if (undone.event) undone.event.data = { message: 'msg_1', state: 'cancelled' };
  applyBatch(c, [undone], 'agt_1');
  expect(c.getQueryData<TimelinePages>(keys.timeline('cnv_1'))?.pages[0]?.items).toHaveLength(0);
});
test('one that does not belong to the view does not wait for it', () => {
  const applied = applyBatch(client(), [item('conversation.created', conversation('cnv_9', { status: { kind: 'resolved' } }))], 'agt_1');
  expect(applied.waiting.size).toBe(0);
});
test('a message joins its open thread once and is announced unless it is mine', () => {
  const c = client();
  c.setQueryData<TimelinePages>(keys.timeline('cnv_1'), { pages: [{ items: [], next: null }], pageParams: [null] });
  const message = { id: 'msg_1', conversation_id: 'cnv_1', kind: 'customer', author: { name: 'Hana' } } as Message;
  const applied = applyBatch(c, [item('message.received', null, message), item('message.received', null, message)], 'agt_1');
  expect(c.getQueryData<TimelinePages>(keys.timeline('cnv_1'))?.pages[0]?.items).toHaveLength(1);
  expect(applied.arrived[0]?.from).toBe('Hana');
  expect(applyBatch(c, [item('message.noted', null, { ...message, kind: 'note' }, 'agt_1')], 'agt_1').arrived).toHaveLength(0);
});
test('a link has the conversation fetched anew, for only the server knows who sees the other end', () => {
  const c = client();
  c.setQueryData(keys.one('cnv_1'), { ...conversation('cnv_1'), links: [] });
  c.setQueryData(keys.one('cnv_2'), { ...conversation('cnv_2'), links: [] });
  applyBatch(c, [item('conversation.linked', conversation('cnv_1'))], 'agt_1');
  expect(c.getQueryState(keys.one('cnv_1'))?.isInvalidated).toBe(true);
  expect(c.getQueryState(keys.one('cnv_2'))?.isInvalidated).toBe(false);
});
test('one that has its place further down than what is drawn is no news', () => {
  const c = client();
  const at = (minute: number) => ({ last_message_at: `2026-11-22T10:${minute}:00Z` });
  c.setQueryData<ConversationPages>(keys.list('all_open', 'newest'), {
    pages: [{ items: [conversation('cnv_1', at(50)), conversation('cnv_2', at(40))], next: 'more' }],
    pageParams: [null],
  });
  const applied = applyBatch(
    c,
    [item('conversation.tagged', conversation('cnv_old', at(30))), item('conversation.tagged', conversation('cnv_new', at(45)))],
    'agt_1',
  );
  expect([...(applied.waiting.get('all_open') ?? [])]).toEqual(['cnv_new']);
});
test('a list that was read for the first time while something happened is read again', async () => {
  const c = new QueryClient();
  const answers: ((page: Page<Conversation>) => void)[] = [];
  const list = new InfiniteQueryObserver(c, {
    queryKey: keys.list('all_open', 'newest'),
    queryFn: () => new Promise<Page<Conversation>>((answer) => answers.push(answer)),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const leave = list.subscribe(() => undefined);
  applyBatch(c, [item('conversation.created', conversation('cnv_3'))], 'agt_1');
  expect(answers).toHaveLength(1);
  // As it was before.
  answers[0]?.({ items: [], next: null });
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.({ items: [conversation('cnv_3')], next: null });
  await vi.waitFor(() => expect(rows(c)).toEqual(['cnv_3:a']));
  leave();
});
test('by the due date, what is due later than all that was fetched comes by scrolling', () => {
  const c = new QueryClient();
  c.setQueryData<ConversationPages>(keys.list('all_open', 'due'), {
    pages: [{ items: [conversation('cnv_1', { due_at: '2026-11-23T00:00:00.000Z' })], next: 'more' }],
    pageParams: [null],
  });
  const waits = (due_at: string | null) => applyBatch(c, [item('conversation.created', conversation('cnv_2', { due_at }))], 'agt_1').waiting.size;
  expect([waits('2026-11-22T00:00:00.000Z'), waits('2026-11-24T00:00:00.000Z'), waits(null)]).toEqual([1, 0, 0]);
});
