import type { Conversation, Event, Message, TimelineItem } from '@api';
import { expect, test } from 'vitest';
import { goesBack } from '../shell/use-swipe-back';
import { putOwnMessage, putTimelineItem, settleMessage, type TimelinePages } from './cache';
import { emptyGreeting, forgotAttachment, internalWords } from './checks';
import { describeEvent } from './event-text';
import { findAll } from './find';
import { addMailboxes, looksLikeAddress, parseMailboxes } from './mailbox';
import { cutRanges } from './snippet';
import { firstUnread, ordered } from './timeline';
import { inView, neighbour, viewQuery } from './views';

const conversation = (change: Partial<Conversation> = {}): Conversation =>
  ({
    id: 'cnv_1',
    status: { kind: 'open' },
    assignee: null,
    team: null,
    inbox: { id: 'inb_1', name: '', address: '' },
    merged_into: null,
    ...change,
  }) as Conversation;
const message = (id: string, kind: Message['kind'] = 'customer'): TimelineItem => ({ type: 'message', message: { id, kind } as Message });
const pages = (...ids: string[]): TimelinePages => ({ pages: [{ items: ids.map((id) => message(id)), next: null }], pageParams: [null] });
const idsOf = (data: TimelinePages | undefined) =>
  data?.pages.flatMap((page) => page.items.map((item) => (item.type === 'message' ? item.message.id : item.event.id)));

test('open views hold open, pending and held conversations, not snoozed or resolved ones', () => {
  for (const kind of ['open', 'pending', 'on_hold'] as const) expect(inView('all_open', conversation({ status: { kind } }), 'agt_1')).toBe(true);
  expect(inView('all_open', conversation({ status: { kind: 'snoozed', until: '' } }), 'agt_1')).toBe(false);
  expect(inView('resolved', conversation({ status: { kind: 'resolved' } }), 'agt_1')).toBe(true);
});
test('mine is mine, unassigned is nobody’s, a team’s is the team’s', () => {
  const mine = conversation({ assignee: { id: 'agt_1', name: '' }, team: { id: 'team_1', name: '' } });
  expect(inView('mine', mine, 'agt_1')).toBe(true);
  expect(inView('mine', mine, 'agt_2')).toBe(false);
  expect(inView('unassigned', mine, 'agt_1')).toBe(false);
  expect(inView('team_1', mine, 'agt_1')).toBe(true);
  expect(inView('inb_2', mine, 'agt_1')).toBe(false);
});
test('a team or inbox view asks for its open conversations', () => {
  expect(viewQuery('team_1')).toEqual({ view: 'all_open', team_id: 'team_1' });
  expect(viewQuery('inb_1')).toEqual({ view: 'all_open', inbox_id: 'inb_1' });
  expect(viewQuery('mine')).toEqual({ view: 'mine' });
});
test('j and k stop at the ends', () => {
  expect(neighbour(['a', 'b'], 'a', 1)).toBe('b');
  expect(neighbour(['a', 'b'], 'b', 1)).toBeNull();
  expect(neighbour(['a', 'b'], null, 1)).toBe('a');
  expect(neighbour([], 'a', 1)).toBeNull();
});

test('a new item goes to the new end, a known one is replaced', () => {
  expect(idsOf(putTimelineItem(pages('b', 'a'), message('c')))).toEqual(['c', 'b', 'a']);
  expect(idsOf(putTimelineItem(pages('b', 'a'), message('a')))).toEqual(['b', 'a']);
});
test('the stand-in becomes the message, once, whoever is faster', () => {
  const real = { id: 'msg_1' } as Message;
  expect(idsOf(settleMessage(pages('temp_1', 'a'), 'temp_1', real))).toEqual(['msg_1', 'a']);
  expect(idsOf(settleMessage(pages('msg_1', 'temp_1', 'a'), 'temp_1', real))).toEqual(['msg_1', 'a']);
  expect(idsOf(settleMessage(pages('temp_1', 'a'), 'temp_1', null))).toEqual(['a']);
});
test('a message of our own takes the place of its stand-in when the stream is faster', () => {
  const real = { id: 'msg_1', kind: 'reply' } as Message;
  const standIn = { ...pages('a') };
  standIn.pages[0]?.items.unshift({ type: 'message', message: { id: 'temp_1', kind: 'reply' } as Message });
  const faster = putOwnMessage(standIn, real);
  expect(idsOf(faster)).toEqual(['msg_1', 'a']);
  expect(idsOf(settleMessage(faster, 'temp_1', real))).toEqual(['msg_1', 'a']);
  expect(idsOf(putOwnMessage(pages('a'), real))).toEqual(['msg_1', 'a']);
});
test('a scheduled reply stands last, and where it left once it has left', () => {
  const message = (id: string, kind: string, created_at: string, state: string | null = null) =>
    ({ type: 'message', message: { id, kind, created_at, delivery: state ? { state, send_at: '2026-11-23T09:00:00Z' } : null } }) as unknown as TimelineItem;
  const ids = (items: TimelineItem[]) => ordered([{ items: [...items].reverse(), next: null }]).map((item) => (item.type === 'message' ? item.message.id : ''));
  const asked = message('1', 'customer', '2026-11-22T10:00:00Z');
  const more = message('3', 'customer', '2026-11-22T12:00:00Z');
  expect(ids([asked, message('2', 'reply', '2026-11-22T11:00:00Z', 'scheduled'), more])).toEqual(['1', '3', '2']);
  expect(ids([asked, message('2', 'reply', '2026-11-23T09:00:00Z', 'sent'), more])).toEqual(['1', '3', '2']);
  expect(ids([asked, message('2', 'reply', '2026-11-22T11:00:00Z', 'sent'), more])).toEqual(['1', '2', '3']);
});

test('words for the team only are noticed in a public reply', () => {
  for (const bad of ['<p>Internal only: he is a VIP</p>', '<p>TODO check price</p>', "don't tell the customer", '내부용 메모입니다', '고객에게 말하지 마세요'])
    expect(internalWords(bad)).toBe(true);
  for (const fine of ['<p>I will do that today</p>', '<p>Our international team</p>', '내일 보내 드릴게요']) expect(internalWords(fine)).toBe(false);
});

test('pages from new to old become one list from old to new', () => {
  const list = ordered([
    { items: [message('c'), message('b')], next: 'x' },
    { items: [message('b'), message('a')], next: null },
  ]);
  expect(list.map((item) => item.type === 'message' && item.message.id)).toEqual(['a', 'b', 'c']);
});
test('unread begins after the team’s last word', () => {
  expect(firstUnread([message('a'), message('b', 'reply'), message('c', 'note'), message('d'), message('e')])).toBe('d');
  expect(firstUnread([message('a')])).toBeNull();
});

test('mailboxes are read as people paste them', () => {
  expect(parseMailboxes('Hana <hana@example.com>, "Kim, Doyun" <d@example.kr>; x@example.com')).toEqual([
    { name: 'Hana', address: 'hana@example.com' },
    { name: 'Kim, Doyun', address: 'd@example.kr' },
    { name: null, address: 'x@example.com' },
  ]);
});
test('an address twice is one address', () => {
  expect(addMailboxes([{ name: null, address: 'A@example.com' }], [{ name: 'A', address: 'a@example.com' }])).toHaveLength(1);
});
test('half an address is not one', () => {
  expect(looksLikeAddress('hana@example.com')).toBe(true);
  for (const wrong of ['hana', 'hana@', 'hana@example', '@example.com', 'a b@example.com']) expect(looksLikeAddress(wrong)).toBe(false);
});

test('a promised attachment that is missing is noticed, but not in quoted words', () => {
  expect(forgotAttachment('<p>I attached the label</p>', 0)).toBe(true);
  expect(forgotAttachment('<p>사진을 첨부합니다</p>', 0)).toBe(true);
  expect(forgotAttachment('<p>I attached the label</p>', 1)).toBe(false);
  expect(forgotAttachment('<p>Thanks</p><blockquote>see attached</blockquote>', 0)).toBe(false);
});
test('a greeting without its name is noticed', () => {
  expect(emptyGreeting('<p>Dear ,</p>')).toBe(true);
  expect(emptyGreeting('<p>Dear Hana,</p>')).toBe(false);
});

test('a snippet is cut at its ranges, in order, without losing a letter', () => {
  const parts = cutRanges('달항아리 입구가', [[0, 4]]);
  expect(parts).toEqual([
    { text: '달항아리', hit: true },
    { text: ' 입구가', hit: false },
  ]);
  expect(
    cutRanges('abcdef', [
      [4, 99],
      [1, 3],
      [2, 3],
    ])
      .map((part) => part.text)
      .join(''),
  ).toBe('abcdef');
});

const event = (kind: string, data: Record<string, unknown>): Event => ({
  id: 'evt_1',
  at: '',
  kind,
  actor: { kind: 'agent', id: 'agt_1', name: 'Mina' },
  conversation_id: 'cnv_1',
  data,
});
const nameOf = (id: string) => ({ agt_1: 'Mina', agt_2: 'Seoyeon', tag_1: 'damage' })[id];
test('taking a conversation reads otherwise than giving it', () => {
  expect(describeEvent(event('conversation.assigned', { assignee: 'agt_1', team: null }), nameOf)[0]?.key).toBe('took');
  expect(describeEvent(event('conversation.assigned', { assignee: 'agt_2', team: null }), nameOf)[0]).toMatchObject({
    key: 'assigned',
    values: { name: 'Seoyeon' },
  });
  expect(describeEvent(event('conversation.assigned', { assignee: null, team: null }), nameOf)[0]?.key).toBe('unassigned');
});
test('a snooze says until when, a tag its name', () => {
  expect(describeEvent(event('conversation.status_changed', { from: 'open', to: 'snoozed', until: '2026-11-23T00:00:00Z' }), nameOf)[0]).toMatchObject({
    key: 'snoozed',
  });
  expect(describeEvent(event('conversation.tagged', { added: ['tag_1'], removed: [] }), nameOf)[0]?.values.name).toBe('damage');
});
test('an event that we do not know says nothing', () => {
  expect(describeEvent(event('conversation.sang', {}), nameOf)).toEqual([]);
  expect(describeEvent(event('conversation.status_changed', { to: 'dancing' }), nameOf)).toEqual([]);
});

test('words are found whatever their case, one after the other, and never over the end of a paragraph', () => {
  expect(findAll('Refund, refund and re\0fund', ' REFUND ')).toEqual([
    [0, 6],
    [8, 14],
  ]);
  expect(findAll('환불은 환불로', '환불')).toEqual([
    [0, 2],
    [4, 6],
  ]);
  expect(findAll('İstanbul, refund', 'refund')).toEqual([[10, 16]]);
  expect(findAll('anything', '  ')).toEqual([]);
});
test('a swipe goes back when it went far, or fast', () => {
  expect([goesBack(120, 900), goesBack(60, 90), goesBack(60, 900), goesBack(20, 5)]).toEqual([true, true, false, false]);
});
