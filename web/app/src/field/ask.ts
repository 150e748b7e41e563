import type { ConversationDetail, Field } from '@api';
import type { QueryClient } from '@tanstack/react-query';
import { create } from 'zustand';
import { keys } from '../conversation/cache';
import { missingFields } from './rules';

/** A conversation that cannot be resolved before some fields are filled in, and what to do then. */
export interface Asked {
  id: string;
  done: () => void;
}

export const useAsk = create<{ open: Asked | null; ask: (open: Asked | null) => void }>((set) => ({ open: null, ask: (open) => set({ open }) }));

/** Opens the dialog when it is known here already that fields are missing. Where it is not known, the server says it. */
export function asksFirst(client: QueryClient, id: string, done: () => void): boolean {
  const fields = client.getQueryData<Field[]>(['fields']);
  const detail = client.getQueryData<ConversationDetail>(keys.one(id));
  if (!fields || !detail?.fields || detail.status.kind === 'resolved') return false;
  if (missingFields(fields, detail.fields, detail.inbox.id).length === 0) return false;
  useAsk.getState().ask({ id, done });
  return true;
}
