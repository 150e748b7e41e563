import { type Draft, type Message, post } from '@api';
import type { QueryClient } from '@tanstack/react-query';
import { keys, settleMessage, type TimelinePages } from './cache';

/** Takes a reply back within its window: it leaves the thread, its words return to the draft. */
export async function undoSend(client: QueryClient, message: Message): Promise<void> {
  const { draft } = await post<{ draft: Draft }>(`/messages/${message.id}/undo`);
  client.setQueryData<TimelinePages>(keys.timeline(message.conversation_id), (data) => settleMessage(data, message.id, null));
  client.setQueryData(keys.draft(message.conversation_id), draft);
}

/** Sends a failed message again. */
export const retrySend = (message: Message): Promise<Message> => post<Message>(`/messages/${message.id}/retry`);

/**
 * How many milliseconds the undo of a message is still offered. The window's length is the server's own, and it is counted from
 * before the request was made: whatever the two clocks say, the offer never outlives the window.
 */
export function undoLeft(message: Message, started: number, now: number): number {
  const until = message.delivery?.state === 'undo_window' ? message.delivery.undo_until : null;
  return until ? Math.max(0, new Date(until).getTime() - new Date(message.created_at).getTime() - (now - started)) : 0;
}
