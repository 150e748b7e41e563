// What only a widget that looks about needs: telling where its visitor is, and saying something first.
import type { PageSeen } from '../protocol';
import { call, Refusal } from './api';
import { later, loadSettings, show } from './core';
import { due, type Past } from './invite';
import { keep } from './keep';
import { say } from './link';
import { now, set } from './store';
import type { FirstWords } from './types';
import { language } from './words';

/** Who is away for longer begins another visit, in ms. */
const BREAK = 30 * 60_000;
/** What is told goes together, so often at most, in ms. */
const TOGETHER = 1000;

interface Visit {
  began: number;
  seen: number;
  count: number;
}

/* ── Telling, where the inbox wants to know and the visitor agrees ── */

type Facts = Record<string, unknown>;
let attributes: Facts = {};
let news: Facts = {};
let events: { name: unknown; attributes: unknown }[] = [];
let told = '';
let planned = false;

const mayTell = () => {
  const { settings, visitor } = now();
  return !!settings?.live && keep.may() && (!settings.identity.required || !!visitor);
};

async function tell(): Promise<void> {
  planned = false;
  if (!mayTell()) return;
  const page = now().page;
  const [said, happened] = [news, events];
  news = {};
  events = [];
  const seen = page ? page.url + page.title : '';
  const isNews = seen !== told || Object.keys(said).length > 0 || happened.length > 0;
  if (!isNews) return;
  told = seen;
  try {
    const all = await later();
    if (!now().visitor) await all.session();
    await call('POST', '/stay', { body: { page: now().settings?.consent.page ? page : undefined, attributes: said, events: happened.slice(-50) } });
  } catch (error) {
    // What does not fit is the site's mistake and is not said again; what did not arrive is.
    if (error instanceof Refusal && !error.passes) return console.warn('Sonnim:', error.detail);
    news = { ...said, ...news };
    events = [...happened, ...events].slice(-50);
    told = '';
    soon(Math.max(15_000, error instanceof Refusal ? error.after * 1000 : 0));
  }
}
const soon = (wait = TOGETHER) => {
  if (planned) return;
  planned = true;
  setTimeout(tell, wait);
};

/** The page is another one. */
export function moved(): void {
  pageAt = 0;
  soon();
}
/** The site says something of the visitor; null takes it back. */
export function describe(facts: unknown): void {
  if (typeof facts !== 'object' || !facts) return;
  for (const [name, value] of Object.entries(facts)) {
    news[name] = value ?? null;
    if (value == null) delete attributes[name];
    else attributes[name] = value;
  }
  soon();
}
export function track([name, about]: [unknown, unknown]): void {
  events = [...events, { name, attributes: about ?? {} }].slice(-50);
  soon();
}

/** The visitor agrees now, or no longer. */
export async function consented(yes: boolean): Promise<void> {
  told = '';
  if (yes) {
    visit = remember();
    return soon(0);
  }
  attributes = {};
  if (now().settings?.live && now().visitor) await call('DELETE', '/stay').catch(() => {});
}

/* ── Saying something first ── */

let visit: Visit = { began: Date.now(), seen: Date.now(), count: 1 };
let pageAt = 0;
let siteFor = 0;

const remember = (): Visit => {
  const at = Date.now();
  const known = keep.json<Visit | null>('visit', null);
  const goesOn = known && at - known.seen < BREAK;
  const one = goesOn ? { ...known, seen: at } : { began: at, seen: at, count: (known?.count ?? 0) + 1 };
  if (!goesOn) keepPast({ ...past(), inVisit: 0 });
  keep.put('visit', one);
  return one;
};
const past = (): Past => keep.json<Past>('invited', { shown: {}, dismissed: 0, inVisit: 0 });
const keepPast = (value: Past) => keep.put('invited', value);

const talks = () => now().box.length > 0 || now().conversations.some((one) => one.state !== 'ended');
const isOnline = () => !!now().settings?.team?.open && now().settings?.team?.people.length !== 0;

/** Shows words beside the launcher, or in a messenger that is open already. */
export function invite(words: FirstWords): void {
  if (talks() || now().first?.text === words.text) return;
  if (now().open) {
    // Also where an empty conversation stands open already: after a reload, say.
    if (!now().current) {
      set({ first: words });
      show(null);
    }
  } else set({ first: words, card: true });
}

export function dismiss(): void {
  const { first } = now();
  set({ card: false, first: null });
  say('card', 0);
  if (first?.rule === 'agent') call('DELETE', '/invitation').catch(() => {});
  keepPast({ ...past(), dismissed: Date.now() });
}

let checking = false;
async function look(): Promise<void> {
  const { settings, page, open, first, card } = now();
  if (document.hidden) return;
  pageAt++;
  siteFor++;
  if (siteFor % 60 === 0) visit = remember();
  if (card && talks()) {
    // It was answered in another tab.
    set({ card: false, first: null });
    say('card', 0);
  }
  const plan = settings?.invitations;
  if (!plan || open || first || checking || talks()) return;
  const facts = () => ({
    url: page?.url ?? '',
    onPage: pageAt,
    onSite: Math.max(siteFor, keep.may() ? Math.round((Date.now() - visit.began) / 1000) : 0),
    attributes,
    returning: visit.count > 1 || now().conversations.length > 0,
    language: language(),
    online: isOnline(),
  });
  // Who is there is asked again only when all else is true.
  const guess = due(plan, { ...facts(), online: true }, past(), Date.now());
  if (!guess) return;
  checking = true;
  const asks = guess.from === 'agent' || plan.rules.some((rule) => rule.when.some((one) => one.kind === 'online'));
  if (asks) await loadSettings().catch(() => {});
  const rule = due(plan, facts(), past(), Date.now());
  // Not again every second while nobody is there.
  setTimeout(() => (checking = false), rule ? 0 : 30_000);
  if (!rule || now().open || talks()) return;
  const who = rule.from === 'agent' ? now().settings?.team?.people[0] : undefined;
  const before = past();
  keepPast({ ...before, inVisit: before.inVisit + 1, shown: { ...before.shown, [rule.id]: Date.now() } });
  invite({ text: rule.text, name: who?.name ?? null, initials: who?.initials ?? null, rule: rule.id });
  call('POST', `/invitations/${encodeURIComponent(rule.id)}/shown`, { body: {} }).catch(() => {});
}

/** Begins, once the settings say that there is a reason to. */
export function begin(page: PageSeen | null): void {
  visit = remember();
  if (page) soon(0);
  setInterval(() => void look(), 1000);
}
