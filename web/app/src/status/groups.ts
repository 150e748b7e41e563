import type { Conversation, CustomStatus, StatusKind } from '@api';

/** The statuses that may have others inside them, in the order of the menus. */
export const CATEGORIES = ['open', 'pending', 'on_hold', 'resolved'] as const;
export type Category = (typeof CATEGORIES)[number];

/** One that can be chosen: a status that Sonnim knows, or one of the workspace's own inside it. */
export interface Choice {
  category: Category;
  custom: CustomStatus | null;
}

/** What can be chosen of each category. The category itself only where none of its own is the default: else it would mean that one. */
export function statusChoices(all: readonly CustomStatus[]): Choice[][] {
  return CATEGORIES.map((category) => {
    const own = all.filter((one) => one.category === category && one.archived_at === null);
    const plain = own.some((one) => one.is_default) ? [] : [{ category, custom: null }];
    return [...plain, ...own.map((custom) => ({ category, custom }))];
  });
}

/** What a conversation gets that comes into a category without a word about it. */
export const defaultOf = (all: readonly CustomStatus[], category: StatusKind): CustomStatus | null =>
  all.find((one) => one.category === category && one.is_default && one.archived_at === null) ?? null;

/** Its status in the words of the workspace, or in ours. */
export const statusName = (c: Pick<Conversation, 'status' | 'custom_status'>, named: (kind: StatusKind) => string): string =>
  c.custom_status?.name ?? named(c.status.kind);
