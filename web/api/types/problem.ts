import type { Time } from './common';
import type { Action } from './library';

/** Links that people make: related, or cases of the problem that a conversation is about. */
export interface LinkForm {
  kind: 'related' | 'problem';
  conversation_ids: string[];
}

/** What the customers of a problem's cases are told. */
export interface SolveForm {
  html?: string;
  saved_reply_id?: string;
  resolve: boolean;
}

/** Work on many conversations at once, and how far it has come. */
export interface BulkAction {
  id: string;
  actions: Action[];
  state: 'running' | 'done' | 'cancelled' | 'undoing' | 'undone';
  total: number;
  seen: number;
  changed: number;
  failed: number;
  created_at: Time;
  ended_at: Time | null;
  faults: BulkFault[];
}

export interface BulkFault {
  conversation_id: string;
  number: number;
  subject: string;
  detail: string;
}
