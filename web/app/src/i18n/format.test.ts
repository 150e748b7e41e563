import { expect, test } from 'vitest';
import { ago, comingTime, fileSize, listTime, snoozePresets, textLanguage, threadTime } from './format';

const now = new Date(2026, 10, 22, 14, 0);
const at = (day: number, hour = 9, month = 10, year = 2026) => new Date(year, month, day, hour, 5).toISOString();

test('a list shows the time today, then the day, then the date', () => {
  expect(listTime(at(22, 10), now, 'en')).toBe('10:05');
  expect(listTime(at(21), now, 'en')).toBe('Yesterday');
  expect(listTime(at(21), now, 'ko')).toBe('어제');
  expect(listTime(at(20), now, 'en')).toBe('Fri');
  expect(listTime(at(12, 9, 7), now, 'en')).toBe('Aug 12');
  expect(listTime(at(12, 9, 7, 2025), now, 'en')).toBe('Aug 12, 2025');
});
test('the thread adds the day to the time of older messages', () => {
  expect(threadTime(at(22, 10), now, 'en')).toBe('10:05');
  expect(threadTime(at(21, 10), now, 'en')).toBe('Yesterday 10:05');
});
test('what is to come is named by day', () => {
  expect(comingTime(at(22, 18), now, 'en')).toBe('18:05');
  expect(comingTime(at(23), now, 'en')).toBe('Tomorrow 09:05');
  expect(comingTime(at(23), now, 'ko')).toBe('내일 09:05');
  expect(comingTime(at(25), now, 'en')).toBe('Wednesday 09:05');
});
test('how long ago is in the largest whole unit', () => {
  expect(ago(new Date(now.getTime() - 29 * 60_000).toISOString(), now, 'ko')).toBe('29분 전');
  expect(ago(at(19), now, 'en')).toBe('3 days ago');
});
test('sizes are short', () => {
  expect(fileSize(86_000, 'en')).toBe('86 kB');
  expect(fileSize(1_240_000, 'en')).toBe('1.2 MB');
  expect(fileSize(12, 'en')).toBe('12 bytes');
});
test('snooze offers only what is still ahead, at nine in the morning', () => {
  const presets = snoozePresets(now);
  expect(presets.map((one) => one.id)).toEqual(['in_three_hours', 'later_today', 'tomorrow']);
  expect(presets.find((one) => one.id === 'tomorrow')?.at).toEqual(new Date(2026, 10, 23, 9, 0));
  const late = snoozePresets(new Date(2026, 10, 24, 22, 30));
  expect(late.map((one) => one.id)).toEqual(['tomorrow', 'next_week']);
  expect(late.every((one) => one.at > new Date(2026, 10, 24, 22, 30))).toBe(true);
});
test('a text with Hangul is Korean', () => {
  expect(textLanguage('Re: 찻잔')).toBe('ko');
  expect(textLanguage('Teacup')).toBe('en');
});
