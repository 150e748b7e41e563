import { create } from 'zustand';

const KEPT = 'sonnim.watch';

/** The chat that the reader only watches: nobody is told that they look at it, in this tab, through a reload. */
export const useWatch = create<{ id: string | null; watch: (id: string | null) => void }>((set) => ({
  id: sessionStorage.getItem(KEPT),
  watch: (id) => {
    if (id) sessionStorage.setItem(KEPT, id);
    else sessionStorage.removeItem(KEPT);
    set({ id });
  },
}));
