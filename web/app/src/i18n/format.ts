// Dates, times, sizes and counts as people write them. Pure: the current time and the language are arguments.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const cache = new Map<string, Intl.DateTimeFormat>();
function dates(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let format = cache.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    cache.set(key, format);
  }
  return format;
}

const dayNumber = (at: Date): number => Math.floor((at.getTime() - at.getTimezoneOffset() * MINUTE) / DAY);

/** Time of day, 24 hours, as in both languages' lists. */
export const clock = (at: string | Date, locale: string): string =>
  dates(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));

/** Short and enough for a list: 10:04 · Yesterday · Fri · 12 Aug · 12 Aug 2025. */
export function listTime(at: string, now: Date, locale: string): string {
  const time = new Date(at);
  const days = dayNumber(now) - dayNumber(time);
  if (days <= 0) return clock(time, locale);
  if (days === 1) return capital(new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-1, 'day'));
  if (days < 7) return dates(locale, { weekday: 'short' }).format(time);
  if (now.getFullYear() === time.getFullYear()) return dates(locale, { day: 'numeric', month: 'short' }).format(time);
  return dates(locale, { day: 'numeric', month: 'short', year: 'numeric' }).format(time);
}

/** In the thread: the time alone today, with the day before that. */
export function threadTime(at: string, now: Date, locale: string): string {
  const time = new Date(at);
  if (dayNumber(now) === dayNumber(time)) return clock(time, locale);
  return `${listTime(at, now, locale)} ${clock(time, locale)}`;
}

/** How long something takes by now, as a stopwatch counts: 0:07, 12:40, 1:02:03; from a day on in whole days. */
export function stopwatch(seconds: number, locale: string): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole >= 86_400) return new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(Math.floor(whole / 86_400));
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Everything, for tooltips. */
export const exactTime = (at: string, locale: string): string => dates(locale, { dateStyle: 'full', timeStyle: 'short' }).format(new Date(at));

/** Weekday, day, month and time, whenever it is: to check what was understood. */
export const fullTime = (at: Date, locale: string): string =>
  dates(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

/** A day without its time. */
export const dayOf = (at: string, locale: string): string => dates(locale, { dateStyle: 'medium' }).format(new Date(at));

/** Weekday, day and time of something that is to come. */
export function comingTime(at: string | Date, now: Date, locale: string): string {
  const time = new Date(at);
  const days = dayNumber(time) - dayNumber(now);
  if (days === 0) return clock(time, locale);
  if (days === 1) return `${capital(new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(1, 'day'))} ${clock(time, locale)}`;
  const day = days < 7 ? dates(locale, { weekday: 'long' }).format(time) : dates(locale, { day: 'numeric', month: 'short' }).format(time);
  return `${day} ${clock(time, locale)}`;
}

/** Whether a time that was set is over. */
export const isOver = (at: string, now: Date): boolean => new Date(at).getTime() <= now.getTime();

/** How long ago, in the largest whole unit. */
export function ago(at: string, now: Date, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const past = now.getTime() - new Date(at).getTime();
  if (past < MINUTE) return format.format(0, 'second');
  if (past < HOUR) return format.format(-Math.floor(past / MINUTE), 'minute');
  if (past < DAY) return format.format(-Math.floor(past / HOUR), 'hour');
  if (past < 30 * DAY) return format.format(-Math.floor(past / DAY), 'day');
  if (past < 365 * DAY) return format.format(-Math.floor(past / (30 * DAY)), 'month');
  return format.format(-Math.floor(past / (365 * DAY)), 'year');
}

/** 86 kB, 1.2 MB. */
export function fileSize(bytes: number, locale: string): string {
  const [value, unit] =
    bytes < 1000 ? [bytes, 'byte'] : bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] : bytes < 1e9 ? [bytes / 1e6, 'megabyte'] : [bytes / 1e9, 'gigabyte'];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: unit as string,
    // Short, "byte" has no plural.
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: (value as number) < 10 && unit !== 'byte' ? 1 : 0,
  }).format(value as number);
}

export const count = (n: number, locale: string): string => new Intl.NumberFormat(locale).format(n);

export const names = (list: readonly string[], locale: string): string => new Intl.ListFormat(locale, { type: 'conjunction' }).format(list);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export interface SnoozePreset {
  id: 'later_today' | 'tomorrow' | 'next_week' | 'in_three_hours';
  at: Date;
}

/** When "later today", "tomorrow" and "next week" are, seen from `now`: mornings at nine, and only what is still ahead. */
export function snoozePresets(now: Date): SnoozePreset[] {
  const at = (days: number, hour: number): Date => {
    const day = new Date(now);
    day.setDate(day.getDate() + days);
    day.setHours(hour, 0, 0, 0);
    return day;
  };
  const presets: SnoozePreset[] = [];
  const inThree = new Date(now);
  inThree.setHours(inThree.getHours() + 3, 0, 0, 0);
  if (inThree.getDate() === now.getDate()) presets.push({ id: 'in_three_hours', at: inThree });
  if (now.getHours() < 16) presets.push({ id: 'later_today', at: at(0, 18) });
  presets.push({ id: 'tomorrow', at: at(1, 9) });
  const toMonday = (8 - now.getDay()) % 7 || 7;
  if (toMonday > 1) presets.push({ id: 'next_week', at: at(toMonday, 9) });
  return presets;
}

/** The language a text is in, for fonts and line breaking. */
export const textLanguage = (text: string): Language => (/[\uac00-\ud7af\u1100-\u11ff]/.test(text) ? 'ko' : 'en');
type Language = 'en' | 'ko';
