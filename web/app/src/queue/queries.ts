import { del, get, type List, post, put, type Queue, type QueueForm, type QueueOrder } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

const KEY = ['queues'];

/** Every queue, in the order in which their filters are asked. */
export const useQueues = () =>
  useQuery({ queryKey: KEY, queryFn: () => get<List<Queue>>('/queues').then((page) => page.items), staleTime: Number.POSITIVE_INFINITY });

function useRenew() {
  const client = useQueryClient();
  // With the first queue everybody's own state comes into the rail.
  return () => {
    void client.invalidateQueries({ queryKey: ['availability'] });
    return client.invalidateQueries({ queryKey: KEY });
  };
}

export function useSaveQueue() {
  const renew = useRenew();
  return useMutation({
    mutationFn: ({ id, version, ...form }: QueueForm & { id?: string; version?: number }) =>
      id ? put<Queue>(`/queues/${id}`, form, { version }) : post<Queue>('/queues', form),
    onSuccess: renew,
  });
}

export function useDeleteQueue() {
  const renew = useRenew();
  return useMutation({ mutationFn: (id: string) => del(`/queues/${id}`), onSuccess: renew });
}

export function useOrderQueues() {
  const renew = useRenew();
  return useMutation({
    mutationFn: (all: Queue[]) => put<List<Queue>>('/queue-order', { queue_ids: all.map((one) => one.id) } satisfies QueueOrder),
    onSuccess: renew,
  });
}
