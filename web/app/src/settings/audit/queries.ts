import { type Event, get, type Page } from '@api';
import { useInfiniteQuery } from '@tanstack/react-query';

export const useAudit = () =>
  useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) => get<Page<Event>>('/audit', { query: { cursor: pageParam, limit: 50 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: 0,
  });
