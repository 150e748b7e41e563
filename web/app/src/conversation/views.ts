import type { Conversation, StatusKind, ViewGroup, ViewSort } from '@api';
import type { IconName } from '@ui';

/** The fixed views; a view may also be the id of a team (`team_…`), an inbox (`inb_…`) or a saved view (`view_…`), and `search`. */
export const FIXED = ['all_open', 'mine', 'unassigned', 'snoozed', 'resolved'] as const;
export type FixedView = (typeof FIXED)[number];

/** Views of what one takes part in without owning it. */
export const INVOLVED = ['mentions', 'following'] as const;
export type InvolvedView = (typeof INVOLVED)[number];

/** Views of what nobody works on; they stand below the others. */
export const SHELVES = ['spam', 'trash'] as const;
export type ShelfView = (typeof SHELVES)[number];

export const VIEW_ICONS: Record<FixedView | InvolvedView | ShelfView, IconName> = {
  mentions: 'at',
  following: 'eye',
  spam: 'alert',
  trash: 'trash',
  all_open: 'chat',
  mine: 'person',
  unassigned: 'inbox',
  snoozed: 'snooze',
  resolved: 'circlecheck',
};

export const isFixed = (view: string): view is FixedView | InvolvedView | ShelfView =>
  ([...FIXED, ...INVOLVED, ...SHELVES] as readonly string[]).includes(view);

export type Sort = ViewSort;

/** Every order; the menu has the usual ones. */
export const ALL_SORTS: readonly Sort[] = [
  'newest',
  'oldest',
  'waiting',
  'due',
  'waiting_shortest',
  'priority_highest',
  'priority_lowest',
  'created_newest',
  'created_oldest',
];
export const SORTS: readonly Sort[] = ['newest', 'oldest', 'waiting', 'due', 'priority_highest', 'created_newest', 'created_oldest'];

/** A saved view: what is in it, only the server knows. */
export const isSaved = (view: string): boolean => view.startsWith('view_');

/** The query parameters that list a view. */
export function viewQuery(view: string): Record<string, string> {
  if (view.startsWith('team_')) return { view: 'all_open', team_id: view };
  if (view.startsWith('inb_')) return { view: 'all_open', inbox_id: view };
  if (isSaved(view)) return { view_id: view };
  return { view };
}

const isOpen = (kind: StatusKind): boolean => kind === 'open' || kind === 'pending' || kind === 'on_hold';

/** Whether a conversation belongs to a view, as the server decides it. */
export function inView(view: string, c: Conversation, me: string): boolean {
  if (c.merged_into || c.beside) return false;
  if (c.shelf) return view === c.shelf.kind;
  if (view.startsWith('team_')) return isOpen(c.status.kind) && c.team?.id === view;
  if (view.startsWith('inb_')) return isOpen(c.status.kind) && c.inbox.id === view;
  switch (view) {
    case 'all_open':
      return isOpen(c.status.kind);
    case 'mine':
      return isOpen(c.status.kind) && c.assignee?.id === me;
    case 'unassigned':
      return isOpen(c.status.kind) && c.assignee === null;
    case 'snoozed':
      return c.status.kind === 'snoozed';
    case 'resolved':
      return c.status.kind === 'resolved';
    case 'all':
    // Who is named or follows is not in the row: what the server put there stays.
    case 'mentions':
    case 'following':
      return true;
    default:
      return false;
  }
}

/** The row to go to from `current`, `step` rows on; `null` at the ends. */
export function neighbour(ids: readonly string[], current: string | null, step: 1 | -1): string | null {
  if (ids.length === 0) return null;
  const at = current === null ? -1 : ids.indexOf(current);
  if (at === -1) return (step === 1 ? ids[0] : ids[ids.length - 1]) ?? null;
  return ids[at + step] ?? null;
}

/** The key of the group that a conversation is in; null for those without. */
export function groupKey(by: ViewGroup, c: Conversation): string | null {
  switch (by) {
    case 'assignee':
      return c.assignee?.id ?? null;
    case 'team':
      return c.team?.id ?? null;
    case 'inbox':
      return c.inbox.id;
    case 'company':
      return c.customer.company?.id ?? null;
    case 'priority':
      return c.priority;
    case 'status':
      return c.status.kind;
  }
}
