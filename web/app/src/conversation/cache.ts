import type { Conversation, ConversationDetail, Message, Page, SearchHit, TimelineItem } from '@api';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';

export type ConversationPages = InfiniteData<Page<Conversation>, string | null>;
export type TimelinePages = InfiniteData<Page<TimelineItem>, string | null>;

export const keys = {
  lists: ['conversations'] as const,
  list: (view: string, sort: string) => ['conversations', view, sort] as const,
  grouped: (view: string, sort: string, by: string) => ['conversations', view, sort, by] as const,
  groups: (view: string, by: string) => ['conversation-groups', view, by] as const,
  one: (id: string) => ['conversation', id] as const,
  timeline: (id: string) => ['timeline', id] as const,
  draft: (id: string) => ['draft', id] as const,
  counts: ['counts'] as const,
};

/** Applies `change` wherever the conversation is drawn: lists, search results, the open one, a customer's history. */
export function changeConversation(client: QueryClient, id: string, change: (c: Conversation) => Conversation): void {
  const inPages = (data: ConversationPages | undefined): ConversationPages | undefined => {
    if (!data?.pages.some((page) => page.items.some((c) => c.id === id))) return data;
    return {
      ...data,
      pages: data.pages.map((page) => (page.items.some((c) => c.id === id) ? { ...page, items: page.items.map((c) => (c.id === id ? change(c) : c)) } : page)),
    };
  };
  client.setQueriesData<ConversationPages>({ queryKey: keys.lists }, inPages);
  client.setQueriesData<Page<Conversation>>({ queryKey: ['customer-conversations'] }, (page) =>
    page?.items.some((c) => c.id === id) ? { ...page, items: page.items.map((c) => (c.id === id ? change(c) : c)) } : page,
  );
  client.setQueriesData<{ items: SearchHit[] }>({ queryKey: ['search'] }, (page) =>
    page?.items.some((hit) => hit.conversation.id === id)
      ? { ...page, items: page.items.map((hit) => (hit.conversation.id === id ? { ...hit, conversation: change(hit.conversation) } : hit)) }
      : page,
  );
  client.setQueryData<ConversationDetail>(keys.one(id), (detail) => (detail ? { ...detail, ...change(detail) } : detail));
}

/** Takes in a conversation as the server has it now; an older version than ours is ignored. */
export function takeConversation(client: QueryClient, fresh: Conversation): void {
  changeConversation(client, fresh.id, (old) => (fresh.version >= old.version ? { ...old, ...fresh, unread: fresh.unread ?? old.unread } : old));
}

/** Finds a conversation that is drawn anywhere. */
export function findConversation(client: QueryClient, id: string): Conversation | undefined {
  const detail = client.getQueryData<ConversationDetail>(keys.one(id));
  if (detail) return detail;
  for (const [, data] of client.getQueriesData<ConversationPages>({ queryKey: keys.lists }))
    for (const page of data?.pages ?? []) for (const c of page.items) if (c.id === id) return c;
  for (const [, page] of client.getQueriesData<{ items: SearchHit[] }>({ queryKey: ['search'] }))
    for (const hit of page?.items ?? []) if (hit.conversation.id === id) return hit.conversation;
  return undefined;
}

/** Takes a conversation out of one list, for example after it was resolved here. */
export function dropFromList(client: QueryClient, view: string, id: string): void {
  client.setQueriesData<ConversationPages>({ queryKey: ['conversations', view] }, (data) =>
    data ? { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter((c) => c.id !== id) })) } : data,
  );
}

const sameItem = (a: TimelineItem, b: TimelineItem): boolean =>
  a.type === 'message' ? b.type === 'message' && a.message.id === b.message.id : b.type === 'event' && a.event.id === b.event.id;

/** Renews a message that is drawn already; one that is not stays where it is, further up. */
export function renewMessage(data: TimelinePages | undefined, message: Message): TimelinePages | undefined {
  const item: TimelineItem = { type: 'message', message };
  return data?.pages.some((page) => page.items.some((one) => sameItem(one, item))) ? putTimelineItem(data, item) : data;
}

/** Puts an item at the new end of a timeline, or over the one it replaces. Pages run from new to old. */
export function putTimelineItem(data: TimelinePages | undefined, item: TimelineItem): TimelinePages | undefined {
  if (!data) return data;
  if (data.pages.some((page) => page.items.some((one) => sameItem(one, item))))
    return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map((one) => (sameItem(one, item) ? item : one)) })) };
  const [first, ...rest] = data.pages;
  if (!first) return data;
  return { ...data, pages: [{ ...first, items: [item, ...first.items] }, ...rest] };
}

/** Replaces the stand-in of a message that is on its way by the real one, unless the stream was faster. */
export function settleMessage(data: TimelinePages | undefined, standIn: string, real: Message | null): TimelinePages | undefined {
  if (!data) return data;
  const known = real !== null && data.pages.some((page) => page.items.some((one) => one.type === 'message' && one.message.id === real.id));
  const pages = data.pages.map((page) => ({
    ...page,
    items: page.items.flatMap((one): TimelineItem[] => {
      if (one.type !== 'message' || one.message.id !== standIn) return [one];
      return real === null || known ? [] : [{ type: 'message', message: real }];
    }),
  }));
  return { ...data, pages };
}

/** Puts in a message of our own that the stream brings: over its stand-in, when the answer to our request is still on its way. */
export function putOwnMessage(data: TimelinePages | undefined, message: Message): TimelinePages | undefined {
  const waits = (one: TimelineItem) => one.type === 'message' && one.message.id.startsWith('temp_') && one.message.kind === message.kind;
  const standIn = data?.pages.flatMap((page) => page.items.filter(waits)).at(-1);
  return standIn?.type === 'message' ? settleMessage(data, standIn.message.id, message) : putTimelineItem(data, { type: 'message', message });
}
