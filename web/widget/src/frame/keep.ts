// What stays in this browser between two visits: the visitor's token, words not sent yet, drafts. Nothing without consent; then
// the same calls work on memory alone. The browser keeps a frame's storage apart for each site that embeds it.

let prefix = 'sonnim.';
let allowed = false;
const memory = new Map<string, string>();

const shelf = (): Storage | null => {
  try {
    return allowed ? localStorage : null;
  } catch {
    return null;
  }
};

export const keep = {
  /** Begins for one widget. */
  begin(key: string, consent: boolean) {
    prefix = `sonnim.${key}.`;
    allowed = consent;
  },
  /** Whether the visitor lets us keep something. */
  may: () => allowed,
  get(name: string): string | null {
    const store = shelf();
    return store ? store.getItem(prefix + name) : (memory.get(name) ?? null);
  },
  set(name: string, value: string | null) {
    const store = shelf();
    try {
      if (!store) throw null;
      if (value === null) store.removeItem(prefix + name);
      else store.setItem(prefix + name, value);
    } catch {
      // Full or forbidden: from now on in memory, with all that is known.
      if (store) keep.allow(false);
      if (value === null) memory.delete(name);
      else memory.set(name, value);
    }
  },
  /** Consent was given or taken back: what is known moves along. */
  allow(yes: boolean) {
    if (yes === allowed) return;
    if (yes) {
      allowed = true;
      const known = [...memory];
      memory.clear();
      for (const [name, value] of known) keep.set(name, value);
      return;
    }
    const store = shelf();
    allowed = false;
    for (const full of Object.keys(store ?? {})) {
      if (!full.startsWith(prefix)) continue;
      memory.set(full.slice(prefix.length), store?.getItem(full) ?? '');
      store?.removeItem(full);
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
    addEventListener('storage', ({ key }) => key?.startsWith(prefix) && listener(key.slice(prefix.length)));
  },
};
