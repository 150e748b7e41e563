// What is being written, kept while it is: a reload or a crash takes nothing.
import { keep } from './keep';
import { isNew } from './outbox';
import type { FileRef } from './types';

export interface Draft {
  text: string;
  files: FileRef[];
}
const EMPTY: Draft = { text: '', files: [] };
export const draftName = (conversation: string | null) => `draft.${!conversation || isNew(conversation) ? 'new' : conversation}`;
export const draftOf = (name: string): Draft => ({ ...EMPTY, ...keep.json<Partial<Draft>>(name, {}) });
export const keepDraft = (name: string, draft: Draft) => keep.put(name, draft.text || draft.files.length > 0 ? draft : null);
