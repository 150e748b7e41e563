import { create } from 'zustand';

type Open = { kind: 'link'; id: string } | { kind: 'solve'; id: string } | null;

/** Which dialog about a problem and its cases stands open. */
export const useProblem = create<{ open: Open; show: (open: Open) => void }>((set) => ({ open: null, show: (open) => set({ open }) }));
