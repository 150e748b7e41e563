import { useMemo } from 'react';
import { create } from 'zustand';

type Fields = Record<string, unknown>;

interface Drafts {
  /** Changed fields by page; they wait here while one looks at other pages. */
  changes: Record<string, Fields>;
  put: (page: string, fields: Fields) => void;
}
export const useDrafts = create<Drafts>((set) => ({
  changes: {},
  put: (page, fields) =>
    set((s) => {
      const { [page]: _old, ...others } = s.changes;
      return { changes: Object.keys(fields).length > 0 ? { ...others, [page]: fields } : others };
    }),
}));

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What remains of `changes` once fields that equal the saved ones are dropped. */
export function stillChanged<T extends object>(changes: Partial<T>, saved: T): Partial<T> {
  const left: Partial<T> = {};
  for (const key of Object.keys(changes) as (keyof T)[]) if (!same(changes[key], saved[key])) left[key] = changes[key];
  return left;
}

export interface Draft<T extends object> {
  value: T;
  /** Only what differs from what is saved. */
  changes: Partial<T>;
  count: number;
  set: (change: Partial<T>) => void;
  discard: () => void;
}

const NONE: Fields = {};

/** A page's fields as they are being changed, over what is saved. */
export function useDraft<T extends object>(page: string, saved: T): Draft<T> {
  const raw = useDrafts((s) => s.changes[page] ?? NONE) as Partial<T>;
  const put = useDrafts((s) => s.put);
  return useMemo(() => {
    const changes = stillChanged(raw, saved);
    return {
      value: { ...saved, ...changes },
      changes,
      count: Object.keys(changes).length,
      set: (change) => put(page, stillChanged({ ...changes, ...change }, saved) as Fields),
      discard: () => put(page, {}),
    };
  }, [raw, saved, page, put]);
}
