// The one script that a site includes: the launcher, the frame behind it, and `window.Sonnim`. At most 2.5 kB (gzip).
import type { Face, FromFrame, PageSeen, ToFrame } from '../protocol';
import { CSS } from './look';

type Listener = (data?: unknown) => void;
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

let consent = data.consent !== 'required';
let host: HTMLElement | null = null;
let button: HTMLButtonElement;
let badge: HTMLElement;
let frame: HTMLIFrameElement | null = null;
let greeted = false;
let isOpen = false;
/** What had the focus when it was opened by the site's own button. */
let before: HTMLElement | null = null;
let unread = 0;
let title = '';
/** Until the frame says better. */
let words: Face['words'] = ['Chat', 'Chat', 'Chat', '#'];
let later: ToFrame[] = [];
let locale = data.locale ?? null;
let theme = data.theme ?? null;

/** A word in this browser, where the visitor lets us keep one. */
const note = (store: 'localStorage' | 'sessionStorage', value?: string): string | null => {
  try {
    const shelf = window[store];
    if (value) consent && shelf.setItem(slot, value);
    else return consent ? shelf.getItem(slot) : null;
  } catch {}
  return null;
};
const forget = (...stores: ('localStorage' | 'sessionStorage')[]) => {
  for (const store of stores)
    try {
      window[store].removeItem(slot);
    } catch {}
};

// A listener that throws disturbs nobody: its error is its own.
const emit = (name: string, value?: unknown) =>
  listeners[name]?.forEach((listener) => {
    queueMicrotask(() => listener(value));
  });

const page = (): PageSeen => ({ url: location.href, title: title || doc.title, referrer: doc.referrer });

/** Says something to the frame, now or once it listens. */
const say = (...what: ToFrame) => {
  if (greeted) frame?.contentWindow?.postMessage({ sonnim: 1, say: what }, base);
  else later.push(what);
};

const draw = () => {
  if (!host) return;
  host.classList.toggle('o', isOpen);
  button.className = isOpen ? 'o' : '';
  button.ariaExpanded = `${isOpen}`;
  const news = isOpen ? 0 : unread;
  button.ariaLabel = (isOpen ? words[1] : words[0]) + (news ? `, ${words[3].replace('#', `${news}`)}` : '');
  badge.textContent = news ? (news > 9 ? '9+' : `${news}`) : '';
  if (frame) {
    frame.inert = !isOpen;
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
      console.warn('Sonnim: the messenger does not answer. May it be shown on', location.origin, '?');
      leave();
      emit('refused');
    }, 5000);
  frame = made;
  host.shadowRoot?.prepend(made);
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
  frame?.focus();
  emit('open');
};

const close = () => {
  if (!isOpen) return;
  isOpen = false;
  forget('sessionStorage');
  draw();
  say('close');
  (button.hidden ? before : button)?.focus();
  emit('close');
};

/** Takes everything out of the page again. */
const leave = () => {
  isOpen = greeted = false;
  unread = 0;
  draw();
  host?.remove();
  host = frame = null;
  later = [];
};

/** The inbox's own colours and words. */
const dress = ({ colour, ink, position, words: said }: Face) => {
  words = said;
  host?.style.setProperty('--c', colour);
  host?.style.setProperty('--i', ink);
  host?.classList.toggle('l', (data.position ?? position) === 'left');
  draw();
};

addEventListener('message', ({ source, origin, data: heard }: MessageEvent) => {
  if (origin !== base || !frame || source !== frame.contentWindow || heard?.sonnim !== 1) return;
  const [name, value] = heard.say as FromFrame;
  if (name === 'hello') {
    greeted = true;
    const waiting = later;
    later = [];
    say('init', { locale, theme: theme as never, consent, sound: data.sound !== 'off', open: isOpen, page: page() });
    for (const what of waiting) say(...what);
  } else if (name === 'ready') {
    note('localStorage', JSON.stringify(value));
    dress(value);
    emit('ready');
  } else if (name === 'close') close();
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
  button.type = 'button';
  badge = doc.createElement('b');
  badge.ariaHidden = 'true';
  button.append(doc.createElement('i'), badge);
  button.onclick = () => (isOpen ? close() : open());
  button.onpointerenter = button.onfocus = load;
  if (data.launcher === 'off') button.hidden = true;
  root.append(button);
  if (data.colour) host.style.setProperty('--c', data.colour);
  if (data.position === 'left') host.classList.add('l');
  try {
    dress(JSON.parse(note('localStorage') ?? ''));
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
    if (name === 'consent') consent = value;
    else if (name === 'setLocale') locale = value;
    else if (name === 'setTheme') theme = value;
    if (name === 'shutdown' || !consent) forget('localStorage', 'sessionStorage');
    // Before the frame is there, what is known goes along with its beginning.
    if (greeted || name === 'identify' || name === 'shutdown') {
      load();
      say(...([name, value] as ToFrame));
    }
  }
};

if (key && !site.Sonnim?.on) {
  const waiting = site.Sonnim?.q ?? [];
  api.on = 1;
  site.Sonnim = api;
  mount();
  for (const command of waiting) api(...(Array.from(command) as Command));
  // A page that was left with the messenger open goes on with it.
  if (note('sessionStorage')) open();
  const link = (navigator as { connection?: { saveData?: boolean } }).connection;
  const soon = () => link?.saveData || (window.requestIdleCallback ?? setTimeout)(load);
  if (doc.readyState === 'complete') soon();
  else addEventListener('load', soon);
}
