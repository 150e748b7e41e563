import { type Conversation, del, get, type HoldForm, type Page, post } from '@api';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMay } from '../session/queries';

export const MY_CHATS = ['my-chats'];
/** As many as one person can be expected to hold. */
const MOST = 20;

/** The open chats of the reader, the one that began first on the left: they keep their places. */
export const useMyChats = (enabled: boolean) =>
  useQuery({
    queryKey: MY_CHATS,
    queryFn: ({ signal }) =>
      get<Page<Conversation>>('/conversations', { query: { q: 'channel:chat is:open assignee:me', sort: 'created_oldest', limit: MOST }, signal }).then(
        (page) => page.items,
      ),
    enabled,
  });

export const useHold = (id: string) => useMutation({ mutationFn: (form: HoldForm) => post<void>(`/conversations/${id}/chat/hold`, form) });
export const useResume = (id: string) => useMutation({ mutationFn: () => del(`/conversations/${id}/chat/hold`) });
export const useEndChat = (id: string) => useMutation({ mutationFn: () => post<void>(`/conversations/${id}/chat/end`, {}) });

/** Whether the reader has a chat in hand. */
export const useHasChats = (): boolean => (useMyChats(useMay('conversation.reply')).data?.length ?? 0) > 0;
