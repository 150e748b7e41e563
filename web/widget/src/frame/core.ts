// What the start page needs; all else comes with `later.ts`.
import { call, Refusal } from './api';
import { keep } from './keep';
import { now, set } from './store';
import type { Settings } from './types';
import { language, t } from './words';

/** What a refusal says to the visitor. */
export function sentence(error: unknown): string {
  if (!(error instanceof Refusal)) return t('failed');
  if (error.status === 0) return t('offline');
  if (error.status === 429) return t('too_often');
  if (error.status === 413) return t('too_large');
  if (error.status >= 500) return t('failed');
  // What the server says in detail, it says in English.
  return (language() === 'en' && error.detail) || t('refused');
}
export const tell = (error: unknown) => set({ notice: sentence(error) });

let loading: Promise<void> = Promise.resolve();
export function loadSettings(): Promise<void> {
  loading = call<Settings>('GET', `?locale=${language()}`).then((settings) => set({ settings, failed: null }));
  return loading;
}
/** Settings that are on their way have come, or will not. */
export const settled = (): Promise<void> => loading.catch(() => {});

/** Everything of conversations: fetched in an idle moment, or when it is first wanted. */
let fetched: Promise<typeof import('./later')> | null = null;
export const later = () => {
  fetched ??= import('./later');
  fetched.catch(() => {
    fetched = null;
  });
  return fetched;
};

/** What is drawn once it is there: asked for, it is fetched, and the frame is drawn anew when it has come. */
export function part<T>(load: () => Promise<T>): () => T | null {
  let got: T | null = null;
  let asked = false;
  return () => {
    if (!asked)
      load().then(
        (all) => {
          got = all;
          set({ turn: now().turn + 1 });
        },
        () => {
          asked = false;
        },
      );
    asked = true;
    return got;
  };
}

/** What only widgets that look about need. */
export const live = () => import('./live');

/** Opens a conversation; a new one without an id. */
export function show(id: string | null): void {
  keep.set('at', id ?? 'new');
  set({ view: 'talk', current: id, notice: null });
}
export function goHome(): void {
  keep.set('at', null);
  set({ view: 'home', current: null, notice: null, first: null });
}
