import type { StreamItem } from '@api';
import type { QueryClient } from '@tanstack/react-query';
import { changeConversation } from '../conversation/cache';
import { useSigns } from './state';

/** What the stream tells of customers in the widget and nobody stores. */
export const VISITOR_SIGNS: readonly string[] = ['visitor_typing', 'visitor_online', 'visitors'];
/** Brings news of those who look around to the screen; comes with the page that shows them. */
export const onVisitors: { moved?: (client: QueryClient) => void } = {};

/** Brings such a sign to the screen. */
export function hearVisitor(client: QueryClient, item: StreamItem): void {
  if (item.kind === 'visitors') {
    onVisitors.moved?.(client);
    return;
  }
  const { conversation_id: id, typing, text, online } = item.data as { conversation_id?: string; typing?: boolean; text?: string | null; online?: boolean };
  if (!id) return;
  if (item.kind === 'visitor_typing') useSigns.getState().hear(id, typing === true, text ?? null);
  else changeConversation(client, id, (c) => (c.chat ? { ...c, chat: { ...c.chat, visitor: { ...c.chat.visitor, online: online === true } } } : c));
}
