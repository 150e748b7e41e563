import type { Time } from './common';
import type { Action } from './library';
import type { Filter } from './view';

export interface BulkAction {
  id: string;
  agent_id: string;
  state: 'running' | 'done' | 'cancelled' | 'undoing' | 'undone';
  actions: Action[];
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
  code: string | null;
}

export interface NewBulkAction {
  filter?: Filter;
  /** Among those of a list that a filter alone does not reach. */
  view?: 'trash' | 'spam' | 'following' | 'mentions';
  conversation_ids?: string[];
  actions: Action[];
}

export interface ConversationTotal {
  total: number;
  most: number;
}
