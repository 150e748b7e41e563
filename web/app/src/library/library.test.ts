import { expect, test } from 'vitest';
import { findPlaceholders } from './placeholders';
import { type Offer, rankOffers } from './rank';

const offer = (name: string, used: number, words = '', folder: string | null = null): Offer => ({ id: name, kind: 'reply', name, used, words, folder });

test('names that begin with what is typed come first, then the most used', () => {
  const all = [offer('Late refund', 9), offer('Refund sent', 1), offer('Refund policy', 5), offer('Shipping', 20, 'about your refund'), offer('Other', 50)];
  expect(rankOffers(all, 'refund').map((one) => one.name)).toEqual(['Refund policy', 'Refund sent', 'Late refund', 'Shipping']);
  expect(rankOffers(all, '').map((one) => one.used)).toEqual([50, 20, 9, 5, 1]);
});

test('folders and Korean words are found, and every word counts', () => {
  const all = [offer('환불 안내', 1, '환불은 3일 걸립니다', '배송'), offer('인사', 2)];
  expect(rankOffers(all, '배송 환불').map((one) => one.name)).toEqual(['환불 안내']);
  expect(rankOffers(all, '배송 인사')).toEqual([]);
});

test('placeholders are found as the server finds them', () => {
  const words = (text: string) => findPlaceholders(text).map((one) => one.words);
  expect(words('Your [[ order number ]] and [[날짜]]')).toEqual(['order number', '날짜']);
  for (const nothing of ['[[]]', '[[ ]]', '[[ - ]]', '[[a', '[a]', `[[${'x'.repeat(81)}]]`]) expect(words(nothing)).toEqual([]);
  expect(words('[[ [[name]]')).toEqual(['name']);
});
