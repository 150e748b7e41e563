import type { Time } from './common';

/** Words in each language of the interface; either may be missing. */
export interface Translated {
  en?: string | null;
  ko?: string | null;
}

export interface FieldOption {
  key?: string;
  label: Translated;
  archived?: boolean;
}

/** What a field holds. */
export type FieldType =
  | { kind: 'text'; max_length?: number }
  | { kind: 'number' }
  | { kind: 'money'; currency: string }
  | { kind: 'date' }
  | { kind: 'choice'; options: FieldOption[] }
  | { kind: 'multi_choice'; options: FieldOption[] }
  | { kind: 'checkbox' }
  | { kind: 'link' }
  | { kind: 'pattern'; pattern: string; max_length?: number };

export interface FieldShownWhen {
  field_id: string;
  any_of: string[];
}

/** A value as the API writes it; which sort, its field says. */
export type FieldValue = string | number | boolean | string[] | null;

export interface Field {
  id: string;
  version: number;
  key: string;
  label: Translated;
  help: Translated;
  type: FieldType;
  inbox_ids: string[];
  shown_when: FieldShownWhen | null;
  required: boolean;
  position: number;
  archived_at: Time | null;
  created_at: Time;
  updated_at: Time;
}

export interface NewField {
  key?: string;
  label: Translated;
  help: Translated;
  type: FieldType;
  inbox_ids: string[];
  shown_when: FieldShownWhen | null;
  required: boolean;
}

export interface FieldPatch {
  label?: Translated;
  help?: Translated;
  type?: FieldType;
  inbox_ids?: string[];
  shown_when?: FieldShownWhen | null;
  required?: boolean;
  archived?: boolean;
}

export interface FieldOrder {
  field_ids: string[];
}
