import { expect, test } from 'vitest';
import { stopwatch } from '../i18n/format';
import { waitTone } from './wait';

const since = '2026-11-23T10:00:00Z';
const at = (seconds: number) => new Date(since).getTime() + seconds * 1000;

test('a wait counts like a clock, and never below nothing', () => {
  expect(stopwatch(-3, 'en')).toBe('0:00');
  expect(stopwatch(7.9, 'en')).toBe('0:07');
  expect(stopwatch(760, 'en')).toBe('12:40');
  expect(stopwatch(3723, 'en')).toBe('1:02:03');
  expect([stopwatch(86_400, 'en'), stopwatch(19 * 86_400 + 5, 'ko')]).toEqual(['1 day', '19일']);
});

test('a wait stands out after a minute, and is too long after three', () => {
  expect(waitTone(since, at(59))).toBeUndefined();
  expect(waitTone(since, at(60))).toBe('warn');
  expect(waitTone(since, at(180))).toBe('bad');
});
