import { type BulkAction, type ConversationTotal, type Filter, get, type List, type NewBulkAction, post } from '@api';
import { useQuery } from '@tanstack/react-query';
import { readTyped } from '../view/queries';

/** How many conversations a filter finds. */
export const useTotal = (filter: Filter | null, view?: NewBulkAction['view']) =>
  useQuery({
    queryKey: ['conversation-total', filter, view],
    queryFn: ({ signal }) => get<ConversationTotal>('/conversation-total', { query: { filter: JSON.stringify(filter), ...(view ? { view } : {}) }, signal }),
    enabled: filter !== null,
    retry: false,
    staleTime: 10_000,
  });

/** A typed query as conditions. */
export const useTypedFilter = (q: string | null) =>
  useQuery({ queryKey: ['typed-filter', q], queryFn: () => readTyped(q ?? ''), enabled: q !== null, retry: false, staleTime: Number.POSITIVE_INFINITY });

/** One bulk action; the stream says when to look again, and while it works one looks now and then anyway. */
export const useBulkAction = (id: string) =>
  useQuery({
    queryKey: ['bulk', id],
    queryFn: () => get<BulkAction>(`/bulk-actions/${id}`),
    refetchInterval: ({ state }) => (state.data?.state === 'running' || state.data?.state === 'undoing' ? 3000 : false),
  });

export const recentBulk = () => get<List<BulkAction>>('/bulk-actions').then((page) => page.items);
export const beginBulk = (form: NewBulkAction) => post<BulkAction>('/bulk-actions', form);
export const cancelBulk = (id: string) => post<BulkAction>(`/bulk-actions/${id}/cancel`);
export const undoBulk = (id: string) => post<BulkAction>(`/bulk-actions/${id}/undo`);
