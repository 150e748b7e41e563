import { del, get, type List, type Session } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export const useSessions = () => useQuery({ queryKey: ['sessions'], queryFn: () => get<List<Session>>('/sessions').then((page) => page.items), staleTime: 0 });

export function useEndSession() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (id: string) => del(`/sessions/${id}`), onSettled: () => client.invalidateQueries({ queryKey: ['sessions'] }) });
}
