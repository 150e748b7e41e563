// What the site's page and the frame say to one another by postMessage. Both sides check origin *and* source of all they hear.

/** Marks our messages among all that a page may hear. */
export const MARK = 'sonnim';

/** What the page's side knows when the frame begins. */
export interface Init {
  /** Asked for by the site; else the browser's. */
  setLocale: string | null;
  setTheme: Theme | null;
  /** Whether anything may be kept in this browser. */
  consent: boolean;
  /** Off: no sound, whatever happens. */
  sound: boolean;
  /** The messenger stands open. */
  open: boolean;
  page: PageSeen | null;
  /** The site can search in articles. */
  articles: boolean;
}

export type Theme = 'light' | 'dark' | 'auto';

/** The page that the visitor looks at. */
export interface PageSeen {
  url: string;
  title: string;
  referrer: string;
}

/** To the frame. `open` tells the page it was opened on. */
export type ToFrame =
  | ['init', Init]
  | ['open', PageSeen]
  | ['close']
  | ['page', PageSeen]
  | ['identify', string]
  | ['consent', boolean]
  | ['setLocale', string]
  | ['setTheme', Theme]
  | ['articles', boolean]
  /** What the site found; whatever it is, the frame takes it for a guess of a stranger. */
  | ['found', { n: number; items: unknown }]
  | ['track', [name: unknown, attributes: unknown]]
  | ['attributes', unknown]
  | ['shutdown'];

/** How the launcher is to look and what it says. */
export interface Face {
  colour: string;
  ink: string;
  position: 'right' | 'left';
  /** Words for the closed launcher, the open one, the frame's title, and unread messages (`#` stands for the number). */
  words: [open: string, close: string, title: string, unread: string];
}

/** From the frame. */
export type FromFrame =
  | ['hello']
  | ['ready', Face]
  | ['open']
  | ['close']
  /** An invitation stands in the frame, so many pixels high; 0: no longer. */
  | ['card', number]
  | ['search', { n: number; q: string }]
  | ['unread', number]
  | ['message', { conversation_id: string; at: string }]
  | ['identified', { ok: boolean; code?: string }]
  | ['gone'];

export interface Envelope<T> {
  [MARK]: 1;
  say: T;
}
