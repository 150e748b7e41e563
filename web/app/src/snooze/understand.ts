// Times as people type them, in English and Korean: "tomorrow 9", "mon 14:00", "in 3 hours", "내일 오전 9시", "3시간 뒤". Pure.
import { daysOn, instantOf, isDay, type Wall, wallAt, weekdayOf } from './zone';

/** Until a time, or until the customer answers. */
export type Understood = { kind: 'until'; at: Date } | { kind: 'answer' };

const MORNING = 9;
const FARTHEST = 5 * 365 * 86_400_000;

interface Day {
  year: number;
  month: number;
  day: number;
}
interface Clock {
  hour: number;
  minute: number;
  /** Said without morning or afternoon: a small hour is meant by day. */
  bare: boolean;
}
/** What has been read so far. */
interface Read {
  day?: Day;
  /** Named without "next": today counts, when the time is still ahead; otherwise so many days later. */
  again?: number;
  clock?: Clock;
  /** When a day is named without a time. */
  fallback?: number;
  minutes?: number;
}

const WEEKDAYS: [RegExp, number][] = [
  [/^sun(day)?|^일요일|^일욜/, 0],
  [/^mon(day)?|^월요일|^월욜/, 1],
  [/^tue(s|sday)?|^화요일|^화욜/, 2],
  [/^wed(s|nesday)?|^수요일|^수욜/, 3],
  [/^thu(r|rs|rsday)?|^목요일|^목욜/, 4],
  [/^fri(day)?|^금요일|^금욜/, 5],
  [/^sat(urday)?|^토요일|^토욜/, 6],
];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const NUMBERS: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  half: 0.5,
  한: 1,
  두: 2,
  세: 3,
  네: 4,
  다섯: 5,
  여섯: 6,
  반: 0.5,
};
const MINUTES: [RegExp, number][] = [
  [/^(m|min|mins|minute|minutes|분)$/, 1],
  [/^(h|hr|hrs|hour|hours|시간)$/, 60],
  [/^(d|day|days|일)$/, 1440],
  [/^(w|week|weeks|주|주일)$/, 10_080],
];

const ANSWERED =
  /^(until |till )?((they|the customer|customer|client|he|she) )?(answers?|answered|repl(y|ies|ied)|writes?|responds?|hear(s)? back)( back)?$|^((고객|손님)(이|님이)? ?)?(답|답장|답변|회신)(이|을|할|하면|이 올|이 오면| 올| 오면|할 때|올 때)?( ?때)?( ?까지)?$/;

const lastDay = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** One step: what a pattern at the start of the text means; null when it cannot be. */
type Rule = [RegExp, (match: RegExpExecArray, read: Read, now: Wall) => Read | null];

const on = (now: Wall, days: number): Day => daysOn(now, days);
const weekday = (name: string): number | undefined => WEEKDAYS.find(([pattern]) => pattern.test(name))?.[1];
/** Monday of this week, in days from now. */
const monday = (now: Wall): number => -((weekdayOf(now) + 6) % 7);

const clock = (hour: number, minute: number, half: 'am' | 'pm' | null, bare: boolean): Clock | null => {
  if (minute > 59 || hour > 24 || (half && (hour > 12 || hour < 1))) return null;
  const whole = half === 'pm' ? (hour % 12) + 12 : half === 'am' ? hour % 12 : hour;
  return { hour: whole % 24, minute, bare };
};
const WEEKDAY_EN = '(sun|mon|tue|wed|thu|fri|sat)(?:day|s|sday|nesday|r|rs|rsday|urday)?(?![a-z])';
const WEEKDAY_KO = '([일월화수목금토])(?:요일|욜)';

const RULES: Rule[] = [
  // Days.
  [/^(tonight|오늘 ?밤)/, (_m, r, now) => (r.day ? null : { ...r, day: on(now, 0), fallback: 20 })],
  [/^(today|오늘)/, (_m, r, now) => (r.day ? null : { ...r, day: on(now, 0), fallback: 18 })],
  [/^(the )?day after tomorrow|^모레/, (_m, r, now) => (r.day ? null : { ...r, day: on(now, 2) })],
  [/^(tomorrow|tmrw?|tom|내일)/, (_m, r, now) => (r.day ? null : { ...r, day: on(now, 1) })],
  [/^글피/, (_m, r, now) => (r.day ? null : { ...r, day: on(now, 3) })],
  [
    new RegExp(`^(?:(next|this) (?:week )?${WEEKDAY_EN}|(다음 ?주|담주|이번 ?주) ?${WEEKDAY_KO})`),
    (m, r, now) => {
      const at = weekday(m[2] ?? `${m[4]}요일`);
      if (r.day || at === undefined) return null;
      const next = m[1] === 'next' || (m[3] !== undefined && !m[3].startsWith('이번'));
      return { ...r, day: on(now, monday(now) + ((at + 6) % 7) + (next ? 7 : 0)) };
    },
  ],
  [
    new RegExp(`^(?:${WEEKDAY_EN}|${WEEKDAY_KO})`),
    (m, r, now) => {
      const at = weekday(m[1] ?? `${m[2]}요일`);
      if (r.day || at === undefined) return null;
      return { ...r, day: on(now, (at - weekdayOf(now) + 7) % 7), again: 7 };
    },
  ],
  [/^(next week|다음 ?주|담주)/, (_m, r, now) => (r.day ? null : { ...r, day: on(now, monday(now) + 7) })],
  [/^(the |this |next )?weekend|^(이번 ?)?주말/, (_m, r, now) => (r.day ? null : { ...r, day: on(now, (6 - weekdayOf(now) + 7) % 7 || 7) })],
  [
    /^(next month|다음 ?달)/,
    (_m, r, now) => (r.day ? null : { ...r, day: { year: now.month === 12 ? now.year + 1 : now.year, month: (now.month % 12) + 1, day: 1 } }),
  ],
  [/^(the )?end of (the )?day|^eod|^퇴근/, (_m, r, now) => (r.clock ? null : { ...r, day: r.day ?? on(now, 0), clock: { hour: 18, minute: 0, bare: false } })],
  [/^(the )?end of (the )?month|^(이번 ?달 ?)?말일|^월말/, (_m, r, now) => (r.day ? null : { ...r, day: { ...now, day: lastDay(now.year, now.month) } })],
  [
    /^(\d{4})-(\d{1,2})-(\d{1,2})/,
    (m, r) =>
      r.day || !isDay(Number(m[1]), Number(m[2]), Number(m[3])) ? null : { ...r, day: { year: Number(m[1]), month: Number(m[2]), day: Number(m[3]) } },
  ],
  [new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH}`), (m, r, now) => named(r, now, MONTHS.indexOf(m[2] ?? '') + 1, Number(m[1]))],
  [new RegExp(`^${MONTH} (\\d{1,2})(?:st|nd|rd|th)?(?![:\\d])`), (m, r, now) => named(r, now, MONTHS.indexOf(m[1] ?? '') + 1, Number(m[2]))],
  [/^(\d{1,2})월 ?(\d{1,2})일/, (m, r, now) => named(r, now, Number(m[1]), Number(m[2]))],
  // Times of day.
  [/^(noon|midday|정오|점심)/, (_m, r) => (r.clock ? null : { ...r, clock: { hour: 12, minute: 0, bare: false } })],
  [/^(midnight|자정)/, (_m, r) => (r.clock ? null : { ...r, clock: { hour: 0, minute: 0, bare: false } })],
  [
    /^(오전|아침|오후|저녁|밤) ?(\d{1,2})시(?: ?(\d{1,2})분| ?(반))?/,
    (m, r) => {
      const half = m[1] === '오전' || m[1] === '아침' ? 'am' : 'pm';
      const found = clock(Number(m[2]), m[4] ? 30 : Number(m[3] ?? 0), half, false);
      return r.clock || !found ? null : { ...r, clock: found };
    },
  ],
  [
    /^(\d{1,2})시(?!간)(?: ?(\d{1,2})분| ?(반))?/,
    (m, r) => {
      const found = clock(Number(m[1]), m[3] ? 30 : Number(m[2] ?? 0), null, true);
      return r.clock || !found ? null : { ...r, clock: found };
    },
  ],
  [/^(in the )?(morning|오전|아침)/, (_m, r) => (r.clock ? null : { ...r, clock: { hour: MORNING, minute: 0, bare: false } })],
  [/^(in the )?(afternoon|오후)/, (_m, r) => (r.clock ? null : { ...r, clock: { hour: 14, minute: 0, bare: false } })],
  [/^(in the )?(evening|저녁)/, (_m, r) => (r.clock ? null : { ...r, clock: { hour: 18, minute: 0, bare: false } })],
  [/^(at )?night|^밤/, (_m, r) => (r.clock ? null : { ...r, clock: { hour: 20, minute: 0, bare: false } })],
  [
    /^(\d{1,2})(?:[:.h](\d{2}))? ?(am|pm|a\.m\.|p\.m\.)?(?![\d\p{L}])/u,
    (m, r) => {
      const half = m[3] ? (m[3].startsWith('a') ? 'am' : 'pm') : null;
      const found = clock(Number(m[1]), Number(m[2] ?? 0), half, half === null && m[2] === undefined);
      return r.clock || !found ? null : { ...r, clock: found };
    },
  ],
];

/** A day of the year: this year's, or else next year's. */
function named(read: Read, now: Wall, month: number, day: number): Read | null {
  const past = month < now.month || (month === now.month && day < now.day);
  const year = past ? now.year + 1 : now.year;
  return read.day || !isDay(year, month, day) ? null : { ...read, day: { year, month, day } };
}

/** A length of time: of whole days on the calendar, or of minutes on the clock. */
type Length = { days: number } | { minutes: number };

/** "in 3 hours", "90m", "1 day 4 hours", "한 시간 반 뒤"; null when it is no length of time. */
function lengthOf(text: string): Length | null {
  const inner = text
    .replace(/^(in|for|after) /, '')
    .replace(/ ?(뒤에?|후에?|있다가|동안|from now|later)$/, '')
    .replace(/^half an? hour$/, '30m')
    .replace(/^an? hour and a half$/, '90m')
    .replace(/시간 ?반/g, '시간 30분')
    .trim();
  if (/^(한 ?달|an? month)$/.test(inner)) return { days: 30 };
  if (inner === '일주일') return { days: 7 };
  if (inner === '하루') return { days: 1 };
  if (inner === '이틀') return { days: 2 };
  if (inner === '사흘') return { days: 3 };
  const said = inner !== text;
  let rest = inner;
  let total = 0;
  let most = Number.POSITIVE_INFINITY;
  while (rest) {
    const match = /^(\d{1,5}(?:\.\d)?|a|an|one|two|three|four|five|six|half|한|두|세|네|다섯|여섯) ?([a-z]+|분|시간|일|주일|주)(?: (?:and )?|,? ?|$)/.exec(
      rest,
    );
    if (!match?.[1] || !match[2]) return null;
    const unit = MINUTES.find(([pattern]) => pattern.test(match[2] ?? ''))?.[1];
    if (unit === undefined || unit >= most) return null;
    // "3일" alone is a day of the month, "3m" a length.
    if (!said && /[가-힣]/.test(match[2]) && match[2] !== '시간' && match[2] !== '주일') return null;
    most = unit;
    total += (NUMBERS[match[1]] ?? Number(match[1])) * unit;
    rest = rest.slice(match[0].length);
  }
  if (total < 1) return null;
  // `most` is by now the smallest unit that was said.
  return most >= 1440 && total % 1440 === 0 ? { days: total / 1440 } : { minutes: Math.round(total) };
}

/** What a text means when it is `now` and clocks show the time of `zone`; null when it means no time that is to come. */
export function understand(text: string, now: Date, zone: string): Understood | null {
  const plain = text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ').slice(0, 100);
  if (!plain) return null;
  if (ANSWERED.test(plain)) return { kind: 'answer' };
  const said = plain.replace(/^(snooze |until |till |by |on |at )+/, '').replace(/( ?까지|에)$/, '');
  const length = lengthOf(said);
  if (length !== null) {
    // Days are days on the calendar: a clock change in between does not move the hour.
    const at = 'days' in length ? instantOf(daysOn(wallAt(now, zone), length.days), zone) : new Date(now.getTime() + length.minutes * 60_000);
    return later(at, now);
  }
  const wall = wallAt(now, zone);
  let read: Read = {};
  let rest = said;
  while (rest) {
    let next: Read | null = null;
    for (const [pattern, take] of RULES) {
      const match = pattern.exec(rest);
      next = match ? take(match, read, wall) : null;
      if (!match || !next) continue;
      rest = rest.slice(match[0].length);
      read = next;
      break;
    }
    if (!next) return null;
    if (rest && !/^[ ,에@]/.test(rest) && !/[가-힣]$/.test(said.slice(0, said.length - rest.length))) return null;
    rest = rest.replace(/^(에|,)? ?(at |on |the )?@? ?/, '');
  }
  return resolve(read, wall, now, zone);
}

function resolve(read: Read, wall: Wall, now: Date, zone: string): Understood | null {
  const day = read.day ?? wall;
  const { minute } = read.clock ?? { minute: 0 };
  let { hour } = read.clock ?? { hour: read.fallback ?? MORNING };
  // Nobody means three in the night.
  if (read.clock?.bare && hour >= 1 && hour < 7) hour += 12;
  const moment = (days: number, h = hour) => instantOf(daysOn({ ...wall, ...day, hour: h, minute }, days), zone);
  let at = moment(0);
  const today = day.year === wall.year && day.month === wall.month && day.day === wall.day;
  if (at <= now && today && read.clock) {
    if (read.clock.bare && hour < 12 && moment(0, hour + 12) > now) at = moment(0, hour + 12);
    else if (!read.day) at = moment(1);
  }
  if (at <= now && read.again) at = moment(read.again);

  return later(at, now);
}

const later = (at: Date, now: Date): Understood | null => (at > now && at.getTime() - now.getTime() < FARTHEST ? { kind: 'until', at } : null);
