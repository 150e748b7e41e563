import type { Message } from '@api';
import { create } from 'zustand';
import { useShell } from '../shell/state';

interface SideState {
  /** Which side conversation stands open beside which conversation. */
  open: { parent: string; side: string } | null;
  /** Where one is being written, and what is passed on with it. */
  form: { parent: string; forward: Message | null } | null;
  show: (open: SideState['open']) => void;
  write: (form: SideState['form']) => void;
}

export const useSide = create<SideState>((set) => ({ open: null, form: null, show: (open) => set({ open }), write: (form) => set({ form }) }));

/** Opens a side conversation beside its parent: in the panel, or in the sheet where there is no room for it. */
export function openSide(parent: string, side: string, wide: boolean): void {
  useSide.getState().show({ parent, side });
  if (wide) useShell.getState().setContext(true);
  else useShell.getState().setSheet(true);
}
