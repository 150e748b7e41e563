import { type BlockedSender, type Conversation, del, type FollowForm, get, type List, type MergeForm, post, put, type ShelfForm, type SplitForm } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

/** Puts a conversation into the trash or into spam. */
export const putOnShelf = (id: string, kind: ShelfForm['kind'], block = false): Promise<Conversation> =>
  put<Conversation>(`/conversations/${id}/shelf`, { kind, block } satisfies ShelfForm);

/** Takes it out again. */
export const takeOffShelf = (id: string): Promise<Conversation> => del<Conversation>(`/conversations/${id}/shelf`);

/** Deletes for good what lies in the trash. */
export const purge = (id: string): Promise<void> => del(`/conversations/${id}`);

export const useBlockedSenders = () =>
  useQuery({ queryKey: ['blocked-senders'], queryFn: async () => (await get<List<BlockedSender>>('/blocked-senders', { query: { limit: 100 } })).items });

export function useBlockSender() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (address: string) => post<BlockedSender>('/blocked-senders', { address }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['blocked-senders'] }),
  });
}

export function useUnblockSender() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => del(`/blocked-senders/${id}`),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['blocked-senders'] }),
  });
}

/** Merges a conversation into another, which is the answer. */
export const mergeInto = (id: string, into: string, otherCustomer: boolean): Promise<Conversation> =>
  post<Conversation>(`/conversations/${id}/merge`, { into, other_customer: otherCustomer } satisfies MergeForm);

/** Undoes that. */
export const unmerge = (id: string): Promise<Conversation> => del<Conversation>(`/conversations/${id}/merge`);

/** Splits messages off into a new conversation. */
export const splitOff = (id: string, messages: string[], subject: string): Promise<Conversation> =>
  post<Conversation>(`/conversations/${id}/split`, { message_ids: messages, ...(subject ? { subject } : {}) } satisfies SplitForm);

/** Follows a conversation, or does so no longer. */
export const follow = (id: string, follows: boolean): Promise<void> => put(`/conversations/${id}/follow`, { follows } satisfies FollowForm);
