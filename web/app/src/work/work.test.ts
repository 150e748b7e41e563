import type { Conversation, Event, NotificationList } from '@api';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';
import { describeEvent } from '../conversation/event-text';
import { inView } from '../conversation/views';
import { NOTIFICATIONS, readNotifications } from '../notification/queries';
import { findMentions, type Mentionable } from './mention';

const conversation = (change: Partial<Conversation> = {}): Conversation =>
  ({ id: 'cnv_1', status: { kind: 'open' }, assignee: null, team: null, inbox: { id: 'inb_1' }, merged_into: null, shelf: null, ...change }) as Conversation;
const event = (kind: string, data: Record<string, unknown>, actor: Event['actor'] = { kind: 'agent', id: 'agt_1', name: 'Mina' }): Event => ({
  id: 'evt_1',
  at: '',
  kind,
  actor,
  conversation_id: 'cnv_1',
  data,
});
const lines = (e: Event) => describeEvent(e, () => undefined).map((line) => [line.key, line.values.number]);

afterEach(() => vi.unstubAllGlobals());

test('the trash and spam are in their own view and in no other', () => {
  const trashed = conversation({ shelf: { kind: 'trash', at: '', by: null, purged_at: null } });
  expect(inView('trash', trashed, 'agt_1')).toBe(true);
  for (const view of ['all_open', 'unassigned', 'inb_1', 'spam', 'all', 'following']) expect(inView(view, trashed, 'agt_1')).toBe(false);
  expect(inView('trash', conversation(), 'agt_1')).toBe(false);
});

test('what was merged into another is nowhere', () => {
  for (const view of ['all_open', 'all', 'trash']) expect(inView(view, conversation({ merged_into: 'cnv_2' }), 'agt_1')).toBe(false);
});

test('a merge and a split read differently from their two ends', () => {
  const data = { from: 'cnv_2', from_number: 2, into: 'cnv_1', into_number: 1 };
  const other = { from: 'cnv_1', from_number: 1, into: 'cnv_2', into_number: 2 };
  expect(lines(event('conversation.merged', data))).toEqual([['merged', '2']]);
  expect(lines(event('conversation.merged', other))).toEqual([['merged_away', '2']]);
  expect(lines(event('conversation.split', data))).toEqual([['split_from', '2']]);
  expect(lines(event('conversation.split', other))).toEqual([['split', '2']]);
  expect(lines(event('conversation.unmerged', data))).toEqual([['unmerged', '2']]);
});

test('spam by a blocked sender names nobody', () => {
  expect(lines(event('conversation.shelved', { shelf: 'spam' }, { kind: 'system', id: null, name: 'Sonnim' }))).toEqual([['spam_blocked', undefined]]);
  expect(lines(event('conversation.shelved', { shelf: 'trash' }))).toEqual([['trashed', undefined]]);
});

test('names that begin with what was typed come first, Korean ones too', () => {
  const all: Mentionable[] = ['Jun Lee', 'Mina Park', 'Lee Mina', '김지혜', 'Amina'].map((name) => ({ id: name, name, kind: 'agent' }));
  expect(findMentions(all, 'mina').map((one) => one.name)).toEqual(['Lee Mina', 'Mina Park', 'Amina']);
  expect(findMentions(all, '지혜').map((one) => one.name)).toEqual(['김지혜']);
  expect(findMentions(all, 'zz')).toEqual([]);
  expect(findMentions(all, '')).toHaveLength(5);
});

test('notifications about one conversation are read together, and the number follows', async () => {
  vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }));
  const client = new QueryClient();
  const one = (id: string, at: string, read: string | null) => ({ id, conversation: { id: at }, read_at: read });
  const list = { items: [one('a', 'cnv_1', null), one('b', 'cnv_2', null), one('c', 'cnv_1', null), one('d', 'cnv_1', 'x')], next: null, unread: 3 };
  client.setQueryData(NOTIFICATIONS, list);
  await readNotifications(client, { conversation_id: 'cnv_1', until: null });
  const now = client.getQueryData<NotificationList>(NOTIFICATIONS);
  expect([now?.unread, now?.items.filter((n) => n.read_at === null).map((n) => n.id)]).toEqual([1, ['b']]);
});
