import type { Filter, NewBulkAction } from '@api';

/** Which list one picks from. */
export interface Source {
  view: string;
  /** What is sought, in the search. */
  q?: string;
  /** The filter of a saved view. */
  saved?: Filter;
  /** What a typed query means. */
  typed?: Filter;
}

const AT_WORK: Filter = { field: 'status', operator: 'is_any_of', value: ['open', 'pending', 'on_hold'] };

/** The filter that finds what a list holds; null where none can say it. */
export function matchingFilter({ view, q, saved, typed }: Source): Filter | null {
  if (view === 'search') return typed ?? (q ? { field: 'text', operator: 'contains', value: q } : null);
  if (saved) return saved;
  if (view.startsWith('team_')) return { all: [AT_WORK, { field: 'team', operator: 'is_any_of', value: [view] }] };
  if (view.startsWith('inb_')) return { all: [AT_WORK, { field: 'inbox', operator: 'is_any_of', value: [view] }] };
  switch (view) {
    case 'all_open':
      return AT_WORK;
    case 'mine':
      return { all: [AT_WORK, { field: 'assignee', operator: 'is_any_of', value: ['me'] }] };
    case 'unassigned':
      return { all: [AT_WORK, { field: 'assignee', operator: 'is_not_set' }] };
    case 'snoozed':
    case 'resolved':
      return { field: 'status', operator: 'is_any_of', value: [view] };
    case 'trash':
    case 'spam':
    case 'following':
    case 'mentions':
      return EVERYTHING;
    default:
      return null;
  }
}

const EVERYTHING: Filter = { all: [] };

/** The list that a filter alone does not reach; undefined where it does. */
export const placeOf = (view: string): NewBulkAction['view'] =>
  view === 'trash' || view === 'spam' || view === 'following' || view === 'mentions' ? view : undefined;
