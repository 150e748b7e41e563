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
