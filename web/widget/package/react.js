import { useSyncExternalStore } from 'react';
import { load } from './index.js';

let state = { unread: 0, isOpen: false };
const readers = new Set();
let following = false;

const change = (patch) => {
  state = { ...state, ...patch };
  for (const read of readers) read();
};
const begin = (options) => {
  const messenger = load(options);
  if (!following) {
    following = true;
    messenger.on('unread', (unread) => change({ unread }));
    messenger.on('open', () => change({ isOpen: true }));
    messenger.on('close', () => change({ isOpen: false }));
  }
  return messenger;
};
const subscribe = (read) => {
  readers.add(read);
  return () => readers.delete(read);
};
const nothing = { unread: 0, isOpen: false };
const noop = () => {};
/** On a server there is no page to load anything into. */
const absent = { open: noop, close: noop, identify: noop, setLocale: noop, setTheme: noop, consent: noop, shutdown: noop, on: () => noop };

/** See `react.d.ts`. */
export function useSonnim(options) {
  const now = useSyncExternalStore(
    subscribe,
    () => state,
    () => nothing,
  );
  return { ...(typeof document === 'undefined' ? absent : begin(options)), ...now };
}
