import { type CustomStatus, type CustomStatusOrder, type CustomStatusPatch, get, type List, type NewCustomStatus, patch, post, put } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

const KEY = ['custom-statuses'];

/** The statuses of the workspace's own in their order, archived ones included: conversations and events name them. */
export const useCustomStatuses = () =>
  useQuery({
    queryKey: KEY,
    queryFn: () => get<List<CustomStatus>>('/custom-statuses').then((page) => page.items),
    staleTime: Number.POSITIVE_INFINITY,
  });

function useRenew() {
  const client = useQueryClient();
  // Their names and colours stand in rows.
  return () => {
    for (const queryKey of [KEY, ['conversations'], ['conversation']]) void client.invalidateQueries({ queryKey });
  };
}

export function useCreateStatus() {
  const renew = useRenew();
  return useMutation({ mutationFn: (form: NewCustomStatus) => post<CustomStatus>('/custom-statuses', form), onSuccess: renew });
}

export function useUpdateStatus() {
  const renew = useRenew();
  return useMutation({
    mutationFn: ({ id, version, ...form }: CustomStatusPatch & { id: string; version?: number }) =>
      patch<CustomStatus>(`/custom-statuses/${id}`, form, { version }),
    onSuccess: renew,
  });
}

/** Puts the statuses in an order; shown at once. */
export function useOrderStatuses() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (all: CustomStatus[]) =>
      put<List<CustomStatus>>('/custom-status-order', { custom_status_ids: all.map((one) => one.id) } satisfies CustomStatusOrder),
    onMutate: (all) => {
      const before = client.getQueryData<CustomStatus[]>(KEY);
      client.setQueryData<CustomStatus[]>(KEY, all);
      return before;
    },
    onError: (_, __, before) => client.setQueryData<CustomStatus[]>(KEY, before),
    onSuccess: (page) => client.setQueryData<CustomStatus[]>(KEY, page.items),
  });
}
