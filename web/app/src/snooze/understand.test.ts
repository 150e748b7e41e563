import { describe, expect, it } from 'vitest';
import { understand } from './understand';
import { instantOf, wallAt } from './zone';

const SEOUL = 'Asia/Seoul';
const BERLIN = 'Europe/Berlin';
// Sunday, 22 November 2026, 10:20 in Seoul.
const now = new Date('2026-11-22T01:20:00Z');
const pad = (n: number) => String(n).padStart(2, '0');
function said(text: string, at = now, zone = SEOUL): string | null {
  const found = understand(text, at, zone);
  if (!found) return null;
  if (found.kind === 'answer') return 'answer';
  const w = wallAt(found.at, zone);
  return `${w.year}-${pad(w.month)}-${pad(w.day)} ${pad(w.hour)}:${pad(w.minute)}`;
}

describe('English', () => {
  it.each([
    ['tomorrow', '2026-11-23 09:00'],
    ['tomorrow 9', '2026-11-23 09:00'],
    ['tomorrow at 3', '2026-11-23 15:00'],
    ['tmrw 8:30am', '2026-11-23 08:30'],
    ['3pm', '2026-11-22 15:00'],
    ['at 9', '2026-11-22 21:00'],
    ['9am', '2026-11-23 09:00'],
    ['noon', '2026-11-22 12:00'],
    ['today', '2026-11-22 18:00'],
    ['tonight', '2026-11-22 20:00'],
    ['eod', '2026-11-22 18:00'],
    ['mon 14:00', '2026-11-23 14:00'],
    ['sunday 9am', '2026-11-29 09:00'],
    ['sunday 18:00', '2026-11-22 18:00'],
    ['friday morning', '2026-11-27 09:00'],
    ['next week', '2026-11-23 09:00'],
    ['next fri 16:15', '2026-11-27 16:15'],
    ['next month', '2026-12-01 09:00'],
    ['weekend', '2026-11-28 09:00'],
    ['the day after tomorrow, noon', '2026-11-24 12:00'],
    ['in 3 hours', '2026-11-22 13:20'],
    ['3h', '2026-11-22 13:20'],
    ['half an hour', '2026-11-22 10:50'],
    ['in an hour and a half', '2026-11-22 11:50'],
    ['in 2 days', '2026-11-24 10:20'],
    ['1 day 4 hours', '2026-11-23 14:20'],
    ['2 weeks', '2026-12-06 10:20'],
    ['dec 24', '2026-12-24 09:00'],
    ['24th of december 5pm', '2026-12-24 17:00'],
    ['3 jan', '2027-01-03 09:00'],
    ['2026-12-01 8:00', '2026-12-01 08:00'],
    ['until friday', '2026-11-27 09:00'],
    ['until they answer', 'answer'],
    ['the customer replies', 'answer'],
  ])('%s', (text, meant) => expect(said(text)).toBe(meant));
});

describe('Korean', () => {
  it.each([
    ['내일', '2026-11-23 09:00'],
    ['내일 오전 9시', '2026-11-23 09:00'],
    ['내일오후2시반', '2026-11-23 14:30'],
    ['내일 3시', '2026-11-23 15:00'],
    ['모레 아침', '2026-11-24 09:00'],
    ['오늘 저녁', '2026-11-22 18:00'],
    ['오늘 밤', '2026-11-22 20:00'],
    ['오후 4시', '2026-11-22 16:00'],
    ['3시간 뒤', '2026-11-22 13:20'],
    ['한 시간 반 뒤', '2026-11-22 11:50'],
    ['30분 후에', '2026-11-22 10:50'],
    ['3일 뒤', '2026-11-25 10:20'],
    ['일주일 뒤', '2026-11-29 10:20'],
    ['2주 후', '2026-12-06 10:20'],
    ['월요일', '2026-11-23 09:00'],
    ['다음 주', '2026-11-23 09:00'],
    ['다음 주 월요일', '2026-11-23 09:00'],
    ['다음주 금요일 오후 4시까지', '2026-11-27 16:00'],
    ['이번 주말', '2026-11-28 09:00'],
    ['다음 달', '2026-12-01 09:00'],
    ['12월 25일 오전 10시', '2026-12-25 10:00'],
    ['말일', '2026-11-30 09:00'],
    ['답장 올 때까지', 'answer'],
    ['고객이 답할 때까지', 'answer'],
    ['손님이 답할 때까지', 'answer'],
    ['답변까지', 'answer'],
  ])('%s', (text, meant) => expect(said(text)).toBe(meant));
});

describe('what means nothing', () => {
  it.each([
    '',
    ' ',
    'soon',
    'tomorrow tomorrow',
    '25:00',
    '13pm',
    '9 9',
    'feb 30',
    'in 0 minutes',
    '0h',
    'in 9999 weeks',
    '2020-01-01',
    'monday-ish',
    '99999d',
    '환불',
    'in',
    '오전 13시',
    '이번 주 토요일 어제',
  ])('%j', (text) => expect(said(text)).toBeNull());
});

describe('days on which clocks change', () => {
  // In Berlin the clock went from 02:00 to 03:00 on 29 March 2026 and goes back at 03:00 on 25 October.
  it('keep the hour, whether the day has 23 or 25', () => {
    const before = new Date('2026-03-28T09:00:00Z');
    expect(said('tomorrow 9', before, BERLIN)).toBe('2026-03-29 09:00');
    expect(said('in 1 day', before, BERLIN)).toBe('2026-03-29 10:00');
    expect(said('in 24 hours', before, BERLIN)).toBe('2026-03-29 11:00');
    expect(said('in 1 day', new Date('2026-10-24T08:00:00Z'), BERLIN)).toBe('2026-10-25 10:00');
  });

  it('a time that is left out moves on', () => {
    const at = instantOf({ year: 2026, month: 3, day: 29, hour: 2, minute: 30 }, BERLIN);
    expect(at.toISOString()).toBe('2026-03-29T01:30:00.000Z');
    expect(wallAt(at, BERLIN).hour).toBe(3);
  });

  it('a time that comes twice is the first', () => {
    expect(instantOf({ year: 2026, month: 10, day: 25, hour: 2, minute: 30 }, BERLIN).toISOString()).toBe('2026-10-25T00:30:00.000Z');
  });
});

// A small generator of its own: the same numbers in every run.
function* dice(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe('properties', () => {
  const ZONES = [SEOUL, BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia', 'UTC'];
  const WORDS = [
    'tomorrow',
    'mon',
    'next',
    'week',
    'in',
    '3',
    'hours',
    'at',
    '14:00',
    '9',
    'am',
    'pm',
    '내일',
    '오전',
    '9시',
    '뒤',
    '다음 주',
    '월요일',
    '3시간',
    ',',
    'dec',
    '24',
    '반',
    '2026-12-24',
  ];

  it('whatever is typed, it answers with a time to come or with nothing', () => {
    const roll = dice(7);
    const next = () => roll.next().value as number;
    for (let n = 0; n < 4000; n += 1) {
      const text = Array.from({ length: 1 + Math.floor(next() * 4) }, () => WORDS[Math.floor(next() * WORDS.length)]).join(next() < 0.8 ? ' ' : '');
      const at = new Date(Date.UTC(2026, 0, 1) + Math.floor(next() * 400 * 86_400_000));
      const zone = ZONES[n % ZONES.length] as string;
      const found = understand(text, at, zone);
      if (found?.kind === 'until') expect(found.at.getTime(), `${text} at ${at.toISOString()} in ${zone}`).toBeGreaterThan(at.getTime());
    }
    for (let n = 0; n < 2000; n += 1) {
      const text = String.fromCodePoint(...Array.from({ length: 12 }, () => 32 + Math.floor(next() * (n % 2 ? 95 : 55_000))));
      expect(() => understand(text, now, SEOUL)).not.toThrow();
    }
  });

  it('a day and an hour are shown by clocks there as they were said, on every day of the year and in every zone', () => {
    for (const zone of ZONES)
      for (let day = 0; day < 366; day += 1) {
        const at = new Date(Date.UTC(2026, 0, 1, 12) + day * 86_400_000);
        const found = understand('tomorrow 14:35', at, zone);
        if (found?.kind !== 'until') throw new Error(`nothing in ${zone} at ${at.toISOString()}`);
        const [then, today] = [wallAt(found.at, zone), wallAt(at, zone)];
        expect([then.hour, then.minute]).toEqual([14, 35]);
        expect(Date.UTC(then.year, then.month - 1, then.day) - Date.UTC(today.year, today.month - 1, today.day)).toBe(86_400_000);
      }
  });

  it('an instant and what clocks show of it belong together', () => {
    const roll = dice(11);
    for (let n = 0; n < 3000; n += 1) {
      const zone = ZONES[n % ZONES.length] as string;
      const at = new Date(Math.floor((Date.UTC(2024, 0, 1) + (roll.next().value as number) * 4 * 365 * 86_400_000) / 60_000) * 60_000);
      const wall = wallAt(at, zone);
      expect(wallAt(instantOf(wall, zone), zone)).toEqual(wall);
    }
  });
});
