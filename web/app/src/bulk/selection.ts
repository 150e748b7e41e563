import { create } from 'zustand';

/** What is picked in a list. Pure below; the store at the end. */
export interface Picked {
  ids: ReadonlySet<string>;
  /** Where a range begins. */
  anchor: string | null;
  /** What the range that is being drawn added: it shrinks again when the range does. */
  span: readonly string[];
}

export const NOTHING: Picked = { ids: new Set(), anchor: null, span: [] };

/** Puts one in, or takes it out. */
export function toggled(picked: Picked, id: string): Picked {
  const ids = new Set(picked.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id, span: [] };
}

/** The range from the anchor to `to`, in the order of `list`; what was picked before stays. */
export function extended(picked: Picked, list: readonly string[], from: string | null, to: string): Picked {
  const anchor = picked.anchor && list.includes(picked.anchor) ? picked.anchor : (from ?? to);
  const [a, b] = [list.indexOf(anchor), list.indexOf(to)];
  if (a < 0 || b < 0) return toggled(picked, to);
  const range = list.slice(Math.min(a, b), Math.max(a, b) + 1);
  const ids = new Set(picked.ids);
  for (const id of picked.span) ids.delete(id);
  const span = range.filter((id) => !ids.has(id));
  for (const id of span) ids.add(id);
  return { ids, anchor, span };
}

/** What a key asks of the bar, which may still be on its way. */
export type BulkWish = 'resolve' | 'assign_me' | 'spam' | 'trash';

export type BulkMenu = 'status' | 'assign' | 'snooze' | 'tags' | 'priority' | 'more' | null;

interface Bulk extends Picked {
  /** Boxes are shown before anything is picked: for fingers. */
  picking: boolean;
  /** Not only these: everything that the list would hold. */
  everything: boolean;
  menu: BulkMenu;
  wish: BulkWish | null;
  toggle: (id: string) => void;
  extend: (list: readonly string[], from: string | null, to: string) => void;
  pickAll: (list: readonly string[]) => void;
  setEverything: (on: boolean) => void;
  setPicking: (on: boolean) => void;
  setMenu: (menu: BulkMenu) => void;
  setWish: (wish: BulkWish | null) => void;
  clear: () => void;
  /** Bulk actions of this window that are worth showing. */
  watched: readonly string[];
  watch: (id: string) => void;
  forget: (id: string) => void;
}

const EMPTY = { ...NOTHING, picking: false, everything: false, menu: null, wish: null };

export const useBulk = create<Bulk>((set) => ({
  ...EMPTY,
  toggle: (id) => set((s) => ({ ...toggled(s, id), everything: false, picking: true })),
  extend: (list, from, to) => set((s) => ({ ...extended(s, list, from, to), everything: false, picking: true })),
  pickAll: (list) => set({ ids: new Set(list), anchor: list[0] ?? null, span: [], everything: false, picking: true }),
  setEverything: (everything) => set({ everything }),
  setPicking: (picking) => set(picking ? { picking } : EMPTY),
  setMenu: (menu) => set({ menu }),
  setWish: (wish) => set({ wish }),
  clear: () => set(EMPTY),
  watched: [],
  watch: (id) => set((s) => ({ watched: [...s.watched.filter((one) => one !== id), id] })),
  forget: (id) => set((s) => ({ watched: s.watched.filter((one) => one !== id) })),
}));
