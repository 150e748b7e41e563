import { get, type InboundMail, type Page, post } from '@api';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';

export const useQuarantine = () =>
  useInfiniteQuery({
    queryKey: ['inbound-mail', 'quarantined'],
    queryFn: ({ pageParam }) => get<Page<InboundMail>>('/inbound-mail', { query: { state: 'quarantined', cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: 0,
  });

function useAction(action: 'replay' | 'discard') {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post(`/inbound-mail/${id}/${action}`),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['inbound-mail'] });
      void client.invalidateQueries({ queryKey: ['status'] });
    },
  });
}
export const useReplayMail = () => useAction('replay');
export const useDiscardMail = () => useAction('discard');
