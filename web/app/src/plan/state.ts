import { create } from 'zustand';

type Open = { kind: 'due' | 'remind' | 'hand_over'; id: string } | null;

/** Which dialog about what is to come of a conversation stands open. */
export const usePlan = create<{ open: Open; show: (open: Open) => void }>((set) => ({ open: null, show: (open) => set({ open }) }));
