// Words and times in the visitor's language. A language is one file in `messages/`; the build finds it by its name.

export type Words = Record<string, string>;
const files = import.meta.glob<{ default: Words }>('../messages/*.json');
const codeOf = (path: string) => path.replace(/^.*\/|\.json$/g, '');

/** The languages that this build has. */
export const languages = Object.keys(files).map(codeOf);

/** Checked to say everything; others go on in English where they end. */
const COMPLETE = ['en', 'ko'];

let words: Words = {};
let locale = 'en';
let plural = new Intl.PluralRules('en');

/** The best language we have for what is wanted, `ko-KR` as well as `ko`. */
export function pick(wanted: readonly (string | null | undefined)[], have: readonly string[]): string {
  for (const one of wanted) {
    const found =
      one && (have.find((code) => code.toLowerCase() === one.toLowerCase()) ?? have.find((code) => code.split('-')[0] === one.toLowerCase().split('-')[0]));
    if (found) return found;
  }
  return have.includes('en') ? 'en' : (have[0] ?? 'en');
}

export async function speak(code: string): Promise<void> {
  const load = files[`../messages/${code}.json`];
  if (!load) return;
  const [own, english] = await Promise.all([load(), COMPLETE.includes(code) ? null : files['../messages/en.json']?.()]);
  words = { ...english?.default, ...own.default };
  locale = code;
  plural = new Intl.PluralRules(code);
  document.documentElement.lang = code;
}

/** The words of a key; `n` chooses among its plural forms. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const form = typeof values.n === 'number' ? words[`${key}_${plural.select(values.n)}`] : undefined;
  return (form ?? words[key] ?? words[`${key}_other`] ?? key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
}
export const has = (key: string): boolean => key in words;

export const language = () => locale;
const format = (at: Date, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options).format(at);
const dayOf = (at: Date) => Math.floor((at.getTime() - at.getTimezoneOffset() * 60_000) / 86_400_000);

export const clock = (at: string) => format(new Date(at), { hour: 'numeric', minute: '2-digit' });

/** A day as one says it: today, yesterday, Monday, 3 May. */
export function day(at: string, now = new Date()): string {
  const date = new Date(at);
  const days = dayOf(date) - dayOf(now);
  if (Math.abs(days) <= 1) {
    const said = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
    return said.charAt(0).toLocaleUpperCase(locale) + said.slice(1);
  }
  if (Math.abs(days) < 7) return format(date, { weekday: 'long' });
  return format(date, { day: 'numeric', month: 'long', ...(date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }) });
}
export const isSameDay = (a: string, b: string) => dayOf(new Date(a)) === dayOf(new Date(b));

/** A time to come: with its day when that is not today. */
export const when = (at: string, now = new Date()): string => (isSameDay(at, now.toISOString()) ? clock(at) : `${day(at, now)} ${clock(at)}`);
/** A time that was, short: the clock today, else the day. */
export const ago = (at: string, now = new Date()): string => (isSameDay(at, now.toISOString()) ? clock(at) : day(at, now));

/** Names one after the other; “및” is for papers, not for people. */
export const list = (names: string[]) => (locale === 'ko' ? names.join(', ') : new Intl.ListFormat(locale, { type: 'conjunction' }).format(names));

export function bytes(size: number): string {
  const [value, unit] = size >= 1_000_000 ? [size / 1_000_000, 'megabyte'] : [Math.max(1, size / 1000), 'kilobyte'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** A wait in words, never more exact than it is known. */
export function wait(seconds: number): string {
  if (seconds < 90) return t('wait_minute');
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t('wait_minutes', { n: minutes > 20 ? Math.round(minutes / 5) * 5 : minutes });
  return t('wait_hours', { n: Math.round(minutes / 60) });
}
