import { type Conversation, get, type List, type Message, post, put, type SideForm } from '@api';
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { keys, putTimelineItem, type TimelinePages, takeConversation } from '../conversation/cache';

export const sideKeys = { all: ['sides'] as const, of: (parent: string) => ['sides', parent] as const };

/** The side conversations of a conversation, newest first. */
export const useSides = (parent: string) =>
  useQuery({
    queryKey: sideKeys.of(parent),
    queryFn: async ({ signal }) => (await get<List<Conversation>>(`/conversations/${parent}/side-conversations`, { signal })).items,
  });

export async function beginSide(client: QueryClient, parent: string, form: SideForm): Promise<Conversation> {
  const side = await post<Conversation>(`/conversations/${parent}/side-conversations`, form);
  void client.invalidateQueries({ queryKey: sideKeys.of(parent) });
  return side;
}

export async function replyAside(client: QueryClient, side: string, form: { html: string; text: string; attachment_ids: string[] }): Promise<void> {
  const message = await post<Message>(`/conversations/${side}/replies`, form);
  client.setQueryData<TimelinePages>(keys.timeline(side), (data) => putTimelineItem(data, { type: 'message', message }));
  client.removeQueries({ queryKey: keys.draft(side) });
}

/** Done, or open again. */
export async function setDone(client: QueryClient, side: Conversation, done: boolean): Promise<void> {
  takeConversation(client, await put<Conversation>(`/conversations/${side.id}/status`, { status: { kind: done ? 'resolved' : 'open' } }));
  void client.invalidateQueries({ queryKey: sideKeys.all });
}

export async function markSideRead(client: QueryClient, side: string): Promise<void> {
  await put(`/conversations/${side}/read`, { read: true });
  void client.invalidateQueries({ queryKey: sideKeys.all });
}
