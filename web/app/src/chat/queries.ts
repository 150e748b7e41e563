import { type Conversation, del, type GuestForm, get, type HoldForm, type List, type Message, post, put } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { keys, takeConversation } from '../conversation/cache';
import { useMay } from '../session/queries';

export const MY_CHATS = ['my-chats'];

/** The open chats that the reader has or came into, the one that began first on the left: they keep their places. */
export const useMyChats = (enabled: boolean) =>
  useQuery({ queryKey: MY_CHATS, queryFn: ({ signal }) => get<List<Conversation>>('/my-chats', { signal }).then((page) => page.items), enabled });

export const useHold = (id: string) => useMutation({ mutationFn: (form: HoldForm) => post<void>(`/conversations/${id}/chat/hold`, form) });
export const useResume = (id: string) => useMutation({ mutationFn: () => del(`/conversations/${id}/chat/hold`) });
export const useEndChat = (id: string) => useMutation({ mutationFn: () => post<void>(`/conversations/${id}/chat/end`, {}) });

export const useGreet = (id: string) => useMutation({ mutationFn: () => post<Message>(`/conversations/${id}/chat/greet`, {}) });
export const useCalled = (id: string) => useMutation({ mutationFn: () => post<void>(`/conversations/${id}/chat/called`, {}) });
export const useInvite = (id: string) => useMutation({ mutationFn: (form: GuestForm) => post<void>(`/conversations/${id}/guests`, form) });
export const useWhisper = (id: string) => useMutation({ mutationFn: (text: string) => post<Message>(`/conversations/${id}/whispers`, { text }) });
export const joinChat = (id: string): Promise<void> => put<void>(`/conversations/${id}/guests/me`, {});
export const leaveChat = (id: string): Promise<void> => del(`/conversations/${id}/guests/me`);

export function useTakeOver(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post<Conversation>(`/conversations/${id}/take-over`, {}),
    onSuccess: (fresh) => takeConversation(client, fresh),
  });
}

/** Comes into a chat, or leaves it. */
export function useBeGuest(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (there: boolean) => (there ? joinChat(id) : leaveChat(id)),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: MY_CHATS });
      void client.invalidateQueries({ queryKey: keys.one(id) });
    },
  });
}

/** Whether the reader has a chat in hand. */
export const useHasChats = (): boolean => (useMyChats(useMay('conversation.reply')).data?.length ?? 0) > 0;
