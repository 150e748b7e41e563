import type { Time } from './common';

export type ViewAudience = { kind: 'personal' } | { kind: 'team'; team_id: string } | { kind: 'everyone' };

export type ViewSort =
  | 'newest'
  | 'oldest'
  | 'waiting'
  | 'due'
  | 'waiting_shortest'
  | 'created_newest'
  | 'created_oldest'
  | 'priority_highest'
  | 'priority_lowest';

export type ViewGroup = 'assignee' | 'priority' | 'status' | 'inbox' | 'team' | 'company';

/** A condition of a filter. Which operators and values fit a field, `GET /filter-fields` says. */
export type FilterCondition = { field: string; operator: string; value?: string | number | boolean | string[] };

/** Conditions joined by all, any and not. */
export type Filter = { all: Filter[] } | { any: Filter[] } | { not: Filter } | FilterCondition;

export interface View {
  id: string;
  version: number;
  name: string;
  folder: string | null;
  audience: ViewAudience;
  filter: Filter;
  sort: ViewSort;
  /** What a wide list shows; custom fields as `field.KEY`. */
  columns: string[];
  group: ViewGroup | null;
  position: number;
  editable: boolean;
  created_at: Time;
  updated_at: Time;
}

export interface NewView {
  name: string;
  folder: string | null;
  audience: ViewAudience;
  filter: Filter;
  sort: ViewSort;
  columns: string[];
  group: ViewGroup | null;
  position: number;
}

export interface ViewPatch {
  name?: string;
  folder?: string | null;
  audience?: ViewAudience;
  filter?: Filter;
  sort?: ViewSort;
  columns?: string[];
  group?: ViewGroup | null;
  position?: number;
}

export interface ViewCounts {
  counts: Record<string, number>;
  most: number;
}

export interface FilterField {
  field: string;
  kind: 'choice' | 'address' | 'number' | 'time' | 'flag' | 'text' | 'word' | 'date';
  operators: string[];
  /** Of a custom field. */
  field_id?: string | null;
}

export interface TypedFilter {
  filter: Filter;
}
