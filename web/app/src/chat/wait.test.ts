import { expect, test } from 'vitest';
import { elapsed, waitTone } from './wait';

const since = '2026-11-23T10:00:00Z';
const at = (seconds: number) => new Date(since).getTime() + seconds * 1000;

test('a wait counts like a clock, and never below nothing', () => {
  expect(elapsed(since, at(-3))).toBe('0:00');
  expect(elapsed(since, at(7.9))).toBe('0:07');
  expect(elapsed(since, at(760))).toBe('12:40');
  expect(elapsed(since, at(3723))).toBe('1:02:03');
});

test('a wait stands out after a minute, and is too long after three', () => {
  expect(waitTone(since, at(59))).toBeUndefined();
  expect(waitTone(since, at(60))).toBe('warn');
  expect(waitTone(since, at(180))).toBe('bad');
});
