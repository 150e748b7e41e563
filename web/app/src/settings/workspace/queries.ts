import { type Me, patch, type Workspace } from '@api';
import { useMutation, useQueryClient } from '@tanstack/react-query';

export function useUpdateWorkspace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<Pick<Workspace, 'name' | 'language' | 'time_zone'>>) => patch<Workspace>('/workspace', change),
    onSuccess: (workspace) => client.setQueryData<Me | null>(['me'], (me: Me | null | undefined) => (me ? { ...me, workspace } : me)),
  });
}
