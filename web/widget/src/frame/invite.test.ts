import { describe, expect, test } from 'vitest';
import { read } from './found';
import { due, type Facts, isTrue, type Past } from './invite';
import { patience } from './rest';
import type { Condition, Invitations } from './types';

const facts = (more: Partial<Facts> = {}): Facts => ({
  url: 'https://shop.example/cart?x=1',
  onPage: 20,
  onSite: 90,
  attributes: {},
  returning: false,
  language: 'ko',
  online: true,
  ...more,
});
const one = (kind: string, value: string | null = null, op: Condition['op'] = null, name: string | null = null): Condition => ({ kind, op, name, value });

describe('a condition', () => {
  test('looks at the page and the time on it', () => {
    expect(isTrue(one('url', '/cart', 'contains'), facts())).toBe(true);
    expect(isTrue(one('url', 'https://shop.example/cart', 'equals'), facts())).toBe(false);
    expect(isTrue(one('url', 'https://shop.example/', 'starts'), facts())).toBe(true);
    expect([isTrue(one('page_seconds', '20'), facts()), isTrue(one('page_seconds', '21'), facts())]).toEqual([true, false]);
    expect([isTrue(one('site_seconds', '90'), facts()), isTrue(one('site_seconds', '91'), facts())]).toEqual([true, false]);
  });
  test('looks at what the site said, and takes nothing for a number that is none', () => {
    const cart = (value: unknown) => facts({ attributes: { cart_value: value } });
    const least = one('attribute', '100', 'at_least', 'cart_value');
    expect([100, '100', 99.5, undefined, 'many', true, ''].map((value) => isTrue(least, cart(value)))).toEqual([true, true, false, false, false, false, false]);
    expect(isTrue(one('attribute', '100', 'at_most', 'cart_value'), cart(3))).toBe(true);
    expect(isTrue(one('attribute', 'pro', 'equals', 'plan'), facts({ attributes: { plan: 'pro' } }))).toBe(true);
    expect([true, 'x', 0, false, ''].map((value) => isTrue(one('attribute', null, 'is', 'a'), facts({ attributes: { a: value } })))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(isTrue(one('attribute', null, 'is', 'constructor'), facts())).toBe(false);
  });
  test('looks at who it is and who is there; one that is unknown is not true', () => {
    expect([isTrue(one('returning'), facts()), isTrue(one('returning'), facts({ returning: true }))]).toEqual([false, true]);
    expect([isTrue(one('language', 'ko'), facts({ language: 'ko-KR' })), isTrue(one('language', 'en'), facts())]).toEqual([true, false]);
    expect([isTrue(one('online'), facts()), isTrue(one('online'), facts({ online: false }))]).toEqual([true, false]);
    expect(isTrue(one('moon'), facts())).toBe(false);
  });
});

describe('an invitation', () => {
  const rule = (id: string, when: Condition[] = []) => ({ id, text: id, from: 'team' as const, when });
  const plan: Invitations = { rules: [rule('never', [one('moon')]), rule('a', [one('online')]), rule('b')], days: 7, per_visit: 2, dismissed_days: 30 };
  const none: Past = { shown: {}, dismissed: 0, inVisit: 0 };
  const DAY = 86_400_000;
  const now = 400 * DAY;
  test('is the first whose conditions are all true', () => {
    expect(due(plan, facts(), none, now)?.id).toBe('a');
    expect(due(plan, facts({ online: false }), none, now)?.id).toBe('b');
  });
  test('is shown once in so many days, so often in a visit, and not after one was closed', () => {
    expect(due(plan, facts(), { ...none, shown: { a: now - 6 * DAY } }, now)?.id).toBe('b');
    expect(due(plan, facts(), { ...none, shown: { a: now - 7 * DAY } }, now)?.id).toBe('a');
    expect(due(plan, facts(), { ...none, inVisit: 2 }, now)).toBeUndefined();
    expect(due(plan, facts(), { ...none, dismissed: now - 29 * DAY }, now)).toBeUndefined();
    expect(due(plan, facts(), { ...none, dismissed: now - 30 * DAY }, now)?.id).toBe('a');
  });
});

test('a line that nobody looks at is let go after two minutes, and not before', () => {
  const rests = patience(120_000);
  const away = { unread: true, talks: true, open: false, hidden: false };
  expect([0, 119_000, 121_000].map((at) => rests(away, at))).toEqual([false, false, true]);
  // Looked at in between, it begins anew.
  expect(rests({ ...away, open: true }, 122_000)).toBe(false);
  expect([123_000, 240_000, 250_000].map((at) => rests(away, at))).toEqual([false, false, true]);
  const idle = patience(10);
  expect([0, 11].map((at) => idle({ unread: false, talks: true, open: false, hidden: true }, at))).toEqual([false, false]);
  const visitor = patience(10);
  expect([0, 11].map((at) => visitor({ unread: false, talks: false, open: false, hidden: true }, at))).toEqual([false, true]);
});

test('of what a site found, five titles with addresses of the web are taken, as text', () => {
  expect(read('no list')).toEqual([]);
  expect(
    read([
      null,
      { title: '<b>One</b>', url: 'https://shop.example/1', snippet: 7 },
      { title: 'Bad', url: 'javascript:alert(1)' },
      { title: 'Bad', url: 'data:text/html,x' },
      { title: ' ', url: 'https://shop.example/2' },
      { title: 'Twice', url: 'https://shop.example/1' },
    ]),
  ).toEqual([{ title: '<b>One</b>', url: 'https://shop.example/1', snippet: '' }]);
  expect(read(Array.from({ length: 9 }, (_, n) => ({ title: `${n}`, url: `https://a.example/${n}` }))).length).toBe(5);
});
