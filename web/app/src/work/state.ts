import { create } from 'zustand';

type Open = { kind: 'merge'; id: string } | { kind: 'split'; id: string; message: string } | null;

/** Which dialog about a conversation stands open. */
export const useWork = create<{ open: Open; show: (open: Open) => void }>((set) => ({ open: null, show: (open) => set({ open }) }));
