import { type BulkAction, type Conversation, del, get, type LinkForm, type List, post, type SolveForm, type Words } from '@api';
import { keepPreviousData, type QueryClient, useQuery } from '@tanstack/react-query';
import { keys } from '../conversation/cache';

const caseKey = (id: string) => ['cases', id] as const;

/** The cases of the problem that a conversation is about. */
export const useCases = (id: string, enabled: boolean) =>
  useQuery({ queryKey: caseKey(id), queryFn: async () => (await get<List<Conversation>>(`/conversations/${id}/cases`)).items, enabled });

function renew(client: QueryClient, ...ids: string[]): void {
  for (const id of ids) {
    void client.invalidateQueries({ queryKey: caseKey(id) });
    void client.invalidateQueries({ queryKey: keys.one(id) });
  }
}

/** Links others to a conversation: as related, or as cases of the problem that it is about. */
export async function linkTo(client: QueryClient, id: string, kind: LinkForm['kind'], others: string[]): Promise<void> {
  await post(`/conversations/${id}/links`, { kind, conversation_ids: others } satisfies LinkForm);
  renew(client, id, ...others);
}

export async function unlink(client: QueryClient, id: string, other: string): Promise<void> {
  await del(`/conversations/${id}/links/${other}`);
  renew(client, id, other);
}

export const solve = (id: string, form: SolveForm): Promise<BulkAction> => post<BulkAction>(`/conversations/${id}/solve`, form);

/** How far the answers have come. */
export const useBulk = (id: string | null) =>
  useQuery({
    queryKey: ['bulk-action', id],
    queryFn: () => get<BulkAction>(`/bulk-actions/${id}`),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'running' && state.data.state !== 'undoing' ? false : 500),
  });

export const takeBack = (id: string): Promise<BulkAction> => post<BulkAction>(`/bulk-actions/${id}/undo`);

/** How the answer reads for one of the cases. */
export const useAnswerPreview = (html: string, conversation: string | null) =>
  useQuery({
    queryKey: ['template-preview', html, conversation],
    queryFn: () => post<Words>('/template-previews', { html, conversation_id: conversation }),
    enabled: html !== '' && conversation !== null,
    retry: false,
    placeholderData: keepPreviousData,
  });
