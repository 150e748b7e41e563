import { type Conversation, type ConversationGroup, type ConversationGroups, type Filter, get, type Page, type ViewGroup } from '@api';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { keys } from './cache';
import { fieldsToo } from './queries';
import { groupKey, type Sort, viewQuery } from './views';

const PAGE = 50;

/** Groups that are fetched together: as many small ones as one page holds, or one long one. */
export interface Batch {
  /** Their places among all groups. */
  groups: readonly number[];
  /** What passes besides the list's own filter; null for everything. */
  filter: Filter | null;
}

/** How a divided list is fetched. It stays as it was when the list was drawn: rows never change their group under the pointer. */
export interface Plan {
  groups: readonly ConversationGroup[];
  batches: readonly Batch[];
  complete: boolean;
  at: string;
}

/** Which groups are fetched together, in their order. Pure. */
export function planOf({ items, complete, at }: ConversationGroups): Plan {
  if (!complete) return { groups: [], batches: [{ groups: [], filter: null }], complete, at };
  const batches: { groups: number[]; filter: Filter; total: number }[] = [];
  items.forEach((group, place) => {
    const last = batches.at(-1);
    if (last && last.total + group.total <= PAGE) {
      last.groups.push(place);
      last.filter = { any: [...('any' in last.filter && last.groups.length > 2 ? last.filter.any : [last.filter]), group.filter] };
      last.total += group.total;
    } else batches.push({ groups: [place], filter: group.filter, total: group.total });
  });
  return { groups: items, batches: batches.map(({ groups, filter }) => ({ groups, filter })), complete, at };
}

/** One page of a divided list, with the group of each row. */
export interface GroupedPage extends Page<Conversation> {
  plan: Plan;
  batch: number;
  /** By the id of the conversation. */
  places: Record<string, number>;
}

interface Where {
  plan: Plan;
  batch: number;
  cursor: string | null;
}

/** A list divided into groups, fetched group by group as one scrolls. */
export function useGroupedList(view: string, sort: Sort, by: ViewGroup | null, withFields: boolean) {
  const client = useQueryClient();
  return useInfiniteQuery({
    queryKey: keys.grouped(view, sort, by ?? ''),
    queryFn: async ({ pageParam, signal }): Promise<GroupedPage> => {
      const plan = pageParam?.plan ?? planOf(await get<ConversationGroups>('/conversation-groups', { query: { ...viewQuery(view), group: by, sort }, signal }));
      const batch = pageParam?.batch ?? 0;
      const one = plan.batches[batch];
      if (!pageParam) client.setQueryData(keys.groups(view, by ?? ''), { items: plan.groups, complete: plan.complete, at: plan.at });
      if (!one) return { items: [], next: null, plan, batch, places: {} };
      const filter = one.filter ? { filter: JSON.stringify(one.filter) } : {};
      const query = { ...viewQuery(view), ...fieldsToo(withFields), ...filter, sort, cursor: pageParam?.cursor, limit: PAGE };
      const page = await get<Page<Conversation>>('/conversations', { query, signal });
      const places: Record<string, number> = {};
      for (const c of page.items) {
        const key = by ? groupKey(by, c) : null;
        places[c.id] =
          one.groups.length === 1 ? (one.groups[0] ?? 0) : Math.max(0, one.groups.find((place) => plan.groups[place]?.key === key) ?? one.groups[0] ?? 0);
      }
      const items = one.groups.length > 1 ? [...page.items].sort((a, b) => (places[a.id] ?? 0) - (places[b.id] ?? 0)) : page.items;
      return { items, next: page.next, plan, batch, places };
    },
    initialPageParam: null as Where | null,
    getNextPageParam: (last): Where | null => {
      if (last.next) return { plan: last.plan, batch: last.batch, cursor: last.next };
      return last.batch + 1 < last.plan.batches.length ? { plan: last.plan, batch: last.batch + 1, cursor: null } : null;
    },
    staleTime: 5_000,
    enabled: by !== null,
  });
}

/** How many are in each group now. */
export const useGroupCounts = (view: string, by: ViewGroup | null) =>
  useQuery({
    queryKey: keys.groups(view, by ?? ''),
    queryFn: ({ signal }) => get<ConversationGroups>('/conversation-groups', { query: { ...viewQuery(view), group: by }, signal }),
    enabled: by !== null,
    staleTime: 5_000,
  });
