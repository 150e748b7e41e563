import { expect, test } from 'vitest';
import { findPages, PAGES } from './pages';

const words: Record<string, string> = { profile: 'Profile and signature theme', inboxes: 'Inboxes IMAP Signature', tags: '태그 색' };
const textOf = (page: { id: string }) => words[page.id] ?? '';

test('a page is found by any of its words, in any order', () => {
  expect(findPages(PAGES, 'signature', textOf).map((page) => page.id)).toEqual(['profile', 'inboxes']);
  expect(findPages(PAGES, 'signature imap', textOf).map((page) => page.id)).toEqual(['inboxes']);
  expect(findPages(PAGES, '색', textOf).map((page) => page.id)).toEqual(['tags']);
});
test('without words every page is there', () => expect(findPages(PAGES, '  ', textOf)).toBe(PAGES));
