/** How the messenger begins. Only `url` and `key` are needed. */
export interface Options {
  /** Where your Sonnim is: `https://desk.example`. */
  url: string;
  /** The public key of the inbox's widget. */
  key: string;
  /** A language tag such as `ko`; without it the visitor's browser decides. */
  locale?: string;
  theme?: Theme;
  /** `required`: nothing is kept in the browser until `consent(true)`. */
  consent?: 'required';
  /** Colour of the launcher (`#rrggbb`) until the inbox's own is known. */
  colour?: string;
  position?: 'right' | 'left';
  /** `off`: no launcher; open it with a button of your own. */
  launcher?: 'off';
  /** `off`: the page's title never shows a number. */
  title?: 'off';
  /** `off`: no sound. */
  sound?: 'off';
}

export type Theme = 'light' | 'dark' | 'auto';

/** What the messenger tells, and what comes along. */
export interface Events {
  /** It is ready. */
  ready: undefined;
  open: undefined;
  close: undefined;
  /** The team wrote; never what. */
  message: { conversation_id: string; at: string };
  /** So many messages are unread now. */
  unread: number;
  /** What became of `identify`. */
  identified: { ok: boolean; code?: string };
  /** This site may not show the messenger, or it is switched off. */
  refused: undefined;
}

export interface Attributes {
  [name: string]: string | number | boolean;
}

export interface Article {
  title: string;
  url: string;
  snippet?: string;
}

export interface Articles {
  search(words: string): Article[] | Promise<Article[]>;
}

export interface Messenger {
  open(): void;
  close(): void;
  /** Says who the visitor is: a token that your server signed (HS256, `sub`, `exp`). */
  identify(token: string): void;
  setLocale(locale: string): void;
  setTheme(theme: Theme): void;
  consent(given: boolean): void;
  /** Something happened. Kept only where the inbox wants to know and the visitor agreed. */
  track(name: string, attributes?: Attributes): void;
  /** What is true of the visitor; null takes one back. */
  attributes(attributes: { [name: string]: Attributes[string] | null }): void;
  /** A search in what the site has written, for the messenger's start page; null takes it away. */
  articles(source: Articles | null): void;
  /** Calls back at each event; gives a function that ends it. */
  on<Name extends keyof Events>(name: Name, listener: (value: Events[Name]) => void): () => void;
  /** Takes the messenger away and forgets the visitor: call it when somebody signs out of your site. */
  shutdown(): void;
}

/** Loads the messenger into the page. What is called before it is there is done then; a second call gives the same one. */
export function load(options: Options): Messenger;
