import {
  type Attachment,
  type Conversation,
  del,
  type GuestForm,
  get,
  type HoldForm,
  type List,
  type Message,
  Problem,
  post,
  put,
  type ReplyForm,
  upload,
} from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { keys, putTimelineItem, type TimelinePages, takeConversation } from '../conversation/cache';
import { mayPass } from '../conversation/outbox';
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

/** Says something in a chat that offers more than words. Sent again after a lost answer, it is one message. */
export function useOffer(id: string) {
  const client = useQueryClient();
  const key = useRef(crypto.randomUUID());
  return useMutation({
    mutationFn: (form: Partial<ReplyForm>) => post<Message>(`/conversations/${id}/replies`, form, { idempotencyKey: key.current }),
    onSuccess: (message) => client.setQueryData<TimelinePages>(keys.timeline(id), (data) => putTimelineItem(data, { type: 'message', message })),
    onError: (error) => {
      // Refused: what is sent next is another message. Lost: it may have arrived.
      if (error instanceof Problem && !mayPass(error)) key.current = crypto.randomUUID();
    },
  });
}

/** Brings up a picture for a card. */
export const uploadPicture = (file: File) => upload<Attachment>('/attachments', file, { filename: file.name }, () => {});
