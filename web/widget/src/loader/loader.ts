// The one script that a site includes: the launcher, the frame behind it, and `window.Sonnim`. At most 2.5 kB (gzip).
import type { Face, FromFrame, PageSeen, ToFrame } from '../protocol';
import { CSS } from './look';

type Listener = (data?: unknown) => void;
type Source = { search?: (q: string) => unknown } | null;
type Command = [name: string, ...rest: unknown[]];
interface Api {
  (...command: Command): unknown;
  q?: ArrayLike<unknown>[];
  /** Set once the loader runs: a second script line does nothing. */
  on?: 1;
}

const doc = document;
const site = window as unknown as { Sonnim?: Api };
const script = doc.currentScript as HTMLScriptElement | null;
const data = script?.dataset ?? {};
const key = data.key ?? '';
const base = script ? new URL(script.src).origin : '';
const slot = `sonnim.${key}`;
const listeners: Record<string, Set<Listener>> = {};

/** What the site has said, by the names of its commands: the frame is told of it when it begins. */
const said: Record<string, unknown> = { consent: data.consent !== 'required', setLocale: data.locale ?? null, setTheme: data.theme ?? null, articles: null };
let host: HTMLElement | null = null;
let button: HTMLButtonElement;
let badge: HTMLElement;
let frame: HTMLIFrameElement | null = null;
let greeted = false;
let isOpen = false;
/** What had the focus when it was opened by the site's own button. */
let before: HTMLElement | null = null;
let unread = 0;
let left = data.position === 'left';
let title = '';
/** Until the frame says better. */
let words: Face['words'] = ['Chat', 'Chat', 'Chat', '#'];
let later: ToFrame[] = [];
/** Height of an invitation in the frame. */
let card = 0;
let last: string;

/** A word in this browser, where the visitor lets us keep one. */
const note = (store: 'localStorage' | 'sessionStorage', value?: string): unknown => {
  try {
    const shelf = window[store];
    return value === '' ? shelf.removeItem(slot) : said.consent && (value ? shelf.setItem(slot, value) : shelf.getItem(slot));
  } catch {}
};

// A listener that throws disturbs nobody: its error is its own.
const emit = (name: string, value?: unknown) => listeners[name]?.forEach((listener) => void setTimeout(listener, 0, value));

const page = (): PageSeen => ({ url: location.href, title: title || doc.title, referrer: doc.referrer });

/** Says something to the frame, now or once it listens. */
const say = (...what: ToFrame) => {
  if (greeted) frame?.contentWindow?.postMessage({ sonnim: 1, say: what }, base);
  else later.push(what);
};

const draw = () => {
  if (!host) return;
  host.className = (isOpen ? 'o' : card ? 'k' : '') + (left ? ' l' : '');
  button.ariaExpanded = isOpen as never;
  const news = isOpen ? 0 : unread;
  button.ariaLabel = words[+isOpen] + (news ? `, ${words[3].replace('#', news as never)}` : '');
  badge.textContent = news > 9 ? '9+' : ((news || '') as string);
  if (frame) {
    frame.style.height = isOpen || !card ? '' : `${card}px`;
    frame.inert = !isOpen && !card;
    frame.title = words[2];
  }
  if (data.title === 'off') return;
  if (news) {
    if (!title) title = doc.title;
    doc.title = `(${news}) ${title}`;
  } else if (title) {
    doc.title = title;
    title = '';
  }
};

/** The frame, made when it is first wanted: under the pointer, in an idle moment, or by a command. */
const load = () => {
  mount();
  if (frame || !host) return;
  const made = doc.createElement('iframe');
  made.src = `${base}/widget/${key}`;
  made.allow = 'autoplay; clipboard-write';
  made.referrerPolicy = 'origin';
  // A refused frame (another origin than the inbox allows, or the widget is off) still fires `load`, but says nothing.
  made.onload = () =>
    setTimeout(() => {
      if (greeted || frame !== made) return;
      console.warn('Sonnim refused');
      leave();
      emit('refused');
    }, 5e3);
  frame = made;
  button.before(made);
  draw();
};

const open = () => {
  load();
  if (!host || isOpen) return;
  isOpen = true;
  before = doc.activeElement as HTMLElement | null;
  note('sessionStorage', '1');
  draw();
  say('open', page());
  // Not while it is still on its way: a frame that changes its process just then has the focus and hears no key (Chromium).
  if (greeted) frame?.focus();
  emit('open');
};

const close = () => {
  if (!isOpen) return;
  isOpen = false;
  note('sessionStorage', '');
  draw();
  say('close');
  (button.hidden ? before : button)?.focus();
  emit('close');
};

/** Takes everything out of the page again. */
const leave = () => {
  isOpen = greeted = false;
  unread = card = 0;
  draw();
  host?.remove();
  host = frame = null;
  later = [];
};

/** The inbox's own colours and words. */
const dress = ({ colour, ink, position, words: spoken }: Face) => {
  words = spoken;
  host?.style.setProperty('--c', colour);
  host?.style.setProperty('--i', ink);
  left = (data.position ?? position) === 'left';
  draw();
};

addEventListener('message', ({ source, origin, data: heard }: MessageEvent) => {
  if (origin !== base || !frame || source !== frame.contentWindow || heard?.sonnim !== 1) return;
  const [name, value] = heard.say as FromFrame;
  if (name === 'hello') {
    greeted = true;
    for (const what of [
      ['init', { ...said, articles: !!said.articles, sound: data.sound !== 'off', open: isOpen, page: page() }],
      ...later.splice(0),
    ] as unknown as ToFrame[])
      say(...what);
    if (isOpen) frame.focus();
  } else if (name === 'ready') {
    note('localStorage', JSON.stringify(value));
    dress(value);
    emit('ready');
  } else if (name === 'open') open();
  else if (name === 'card') {
    card = value;
    draw();
  } else if (name === 'search')
    // What fails in it is the site's own error, and stands in its console as one.
    (async () => say('found', { n: value.n, items: await (said.articles as Source)?.search?.(value.q) }))();
  else if (name === 'close') close();
  else if (name === 'gone') leave();
  else if (name === 'unread') {
    if (unread !== value) emit('unread', value);
    unread = value;
    draw();
  } else emit(name, value);
});

const mount = () => {
  if (host || !key) return;
  host = doc.createElement('sonnim-widget');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
  button = doc.createElement('button');
  badge = doc.createElement('b');
  button.append(doc.createElement('i'), badge);
  button.onclick = () => (isOpen ? close() : open());
  button.onpointerenter = button.onfocus = load;
  button.hidden = data.launcher === 'off';
  root.append(button);
  if (data.colour) host.style.setProperty('--c', data.colour);
  try {
    dress(JSON.parse((note('localStorage') || '') as string));
  } catch {}
  draw();
  doc.documentElement.append(host);
  // The keyboard of a phone covers the lower half of a full screen.
  const view = window.visualViewport;
  if (view) view.onresize = () => host?.style.setProperty('--h', `${view.height}px`);
};

const api: Api = (name, ...rest) => {
  const [value, more] = rest as [string & boolean, Listener];
  if (name === 'on') {
    listeners[value] ??= new Set();
    listeners[value].add(more);
    return () => listeners[value]?.delete(more);
  }
  if (name === 'open') open();
  else if (name === 'close') close();
  else {
    const waits = name in said;
    if (waits) said[name] = value;
    if (name === 'shutdown' || !said.consent) {
      note('localStorage', '');
      note('sessionStorage', '');
    }
    // Before the frame is there, what is known goes along with its beginning.
    if (name === 'identify' || name === 'shutdown') load();
    if (greeted || !waits) say(...([name, name === 'track' ? [value, more] : name === 'articles' ? !!value : value] as unknown as ToFrame));
  }
};

if (key && !site.Sonnim?.on) {
  const waiting = site.Sonnim?.q ?? [];
  api.on = 1;
  site.Sonnim = api;
  mount();
  for (const command of waiting) api.apply(site, command as unknown as Command);
  // A page that was left with the messenger open goes on with it.
  if (note('sessionStorage')) open();
  // A site that draws its pages by scripts: looking is cheaper than standing in the way of its history, and sees every way there is.
  setInterval(() => {
    const seen = page();
    const name = seen.url + seen.title;
    if (greeted && last !== name) say('page', seen);
    last = name;
  }, 1e3);
  const link = (navigator as { connection?: { saveData?: boolean } }).connection;
  const soon = () => link?.saveData || (window.requestIdleCallback ?? setTimeout)(load);
  if (doc.readyState === 'complete') soon();
  else addEventListener('load', soon);
}
