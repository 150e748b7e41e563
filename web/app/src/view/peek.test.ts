import type { Conversation } from '@api';
import { expect, test } from 'vitest';
import { newcomers } from './peek';

const row = (id: string, minute: number) => ({ id, last_message_at: `2026-11-22T10:0${minute}:00Z` }) as Conversation;

test('what came in and what moved up waits; what is drawn already does not', () => {
  const drawn = [row('a', 3), row('b', 2), row('c', 1)];
  expect(newcomers(drawn, [row('d', 5), row('c', 4), row('a', 3), row('b', 2)])).toEqual(['d', 'c']);
  expect(newcomers(drawn, [row('b', 2), row('c', 1)])).toEqual([]);
});
