import type { Message } from '@api';
import { create } from 'zustand';

type Open =
  | { kind: 'merge' | 'transcript'; id: string }
  | { kind: 'split'; id: string; message: string }
  | { kind: 'edit' | 'versions' | 'redact'; id: string; message: Message }
  | null;

/** Which dialog about a conversation stands open. */
export const useWork = create<{ open: Open; show: (open: Open) => void }>((set) => ({ open: null, show: (open) => set({ open }) }));
