// What stays in this browser between two visits: the visitor's token, words not sent yet, drafts. Nothing without consent; then
// the same calls work on memory alone. A browser keeps a frame's storage apart for each site that embeds it; one that refuses it
// to frames altogether (Chrome where third-party cookies are blocked) still lets us have partitioned cookies, which are apart as well.
import { cookies, type Shelf } from './cookies';

let prefix = 'sonnim.';
let allowed = false;
let shelf: Shelf | null = null;
/** What could not be stored, or must not be. */
const memory = new Map<string, string>();

const find = (): Shelf | null => {
  try {
    localStorage.getItem('');
    return {
      get: (name) => localStorage.getItem(name),
      set: (name, value) => localStorage.setItem(name, value),
      drop: (name) => localStorage.removeItem(name),
      names: () => Object.keys(localStorage),
    };
  } catch {
    return cookies(document);
  }
};

export const keep = {
  /** Begins for one widget. */
  begin(key: string, consent: boolean) {
    prefix = `sonnim.${key}.`;
    shelf = find();
    allowed = consent;
  },
  /** Whether the visitor lets us keep something. */
  may: () => allowed,
  get: (name: string): string | null => memory.get(name) ?? (allowed ? (shelf?.get(prefix + name) ?? null) : null),
  set(name: string, value: string | null) {
    memory.delete(name);
    if (value === null) {
      if (allowed) shelf?.drop(prefix + name);
      return;
    }
    try {
      if (!allowed || !shelf) throw null;
      shelf.set(prefix + name, value);
    } catch {
      // Full, or forbidden: it lives as long as this page does.
      shelf?.drop(prefix + name);
      memory.set(name, value);
    }
  },
  /** Consent was given or taken back: what is known moves along. */
  allow(yes: boolean) {
    if (yes === allowed) return;
    allowed = yes;
    if (yes) {
      for (const [name, value] of [...memory]) keep.set(name, value);
      return;
    }
    for (const full of shelf?.names() ?? []) {
      if (!full.startsWith(prefix)) continue;
      memory.set(full.slice(prefix.length), shelf?.get(full) ?? '');
      shelf?.drop(full);
    }
  },
  /** Forgets everything of this widget. */
  clear() {
    keep.allow(false);
    memory.clear();
  },
  json<T>(name: string, otherwise: T): T {
    try {
      return (JSON.parse(keep.get(name) ?? 'null') as T) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  put(name: string, value: unknown) {
    keep.set(name, value === null ? null : JSON.stringify(value));
  },
  /** Calls back when another tab changed something. */
  watch(listener: (name: string) => void) {
    const heard = (full: string | null | undefined) => full?.startsWith(prefix) && listener(full.slice(prefix.length));
    addEventListener('storage', ({ key }) => heard(key));
    const { cookieStore } = window as { cookieStore?: EventTarget };
    cookieStore?.addEventListener('change', (event) => {
      const { changed = [], deleted = [] } = event as unknown as Record<'changed' | 'deleted', { name: string }[]>;
      for (const name of new Set([...changed, ...deleted].map((one) => one.name.replace(/^__Host-|~\d+$/g, '')))) heard(name);
    });
  },
};
