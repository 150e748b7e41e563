import { del, get, type List, type MadeToken, post, type Token, type TokenScope } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export const useTokens = () => useQuery({ queryKey: ['tokens'], queryFn: () => get<List<Token>>('/tokens').then((page) => page.items), staleTime: 0 });

export function useCreateToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (form: { name: string; scopes: TokenScope[]; expires_at?: string }) => post<MadeToken>('/tokens', form),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['tokens'] }),
    // The secret is shown once; it must not stay in memory after the dialog.
    gcTime: 0,
  });
}
export function useRevokeToken() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (id: string) => del(`/tokens/${id}`), onSettled: () => client.invalidateQueries({ queryKey: ['tokens'] }) });
}
