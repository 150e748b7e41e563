import { get, type List, type Message, type NoteEdit, type NoteVersion, post, put, type Redacted, type RedactionForm } from '@api';
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { keys, renewMessage, type TimelinePages } from '../conversation/cache';

const renew = (client: QueryClient, message: Message) =>
  client.setQueryData<TimelinePages>(keys.timeline(message.conversation_id), (data) => renewMessage(data, message));

/** Puts other words into a note of one's own. */
export async function editNote(client: QueryClient, id: string, form: NoteEdit): Promise<void> {
  renew(client, await put<Message>(`/messages/${id}/note`, form));
  void client.invalidateQueries({ queryKey: ['versions', id] });
}

/** How a note read before, newest first. */
export const useVersions = (id: string) =>
  useQuery({ queryKey: ['versions', id], queryFn: async () => (await get<List<NoteVersion>>(`/messages/${id}/versions`)).items });

/** Takes words and files out of a message for good, and says how many messages are another now. */
export async function redact(client: QueryClient, id: string, form: RedactionForm): Promise<number> {
  const done = await post<Redacted>(`/messages/${id}/redactions`, form);
  // Others quoted it: nothing that was fetched before may stay on the screen.
  await client.resetQueries({ queryKey: ['timeline'] });
  for (const key of [['conversation'], ['conversations'], ['draft'], ['search'], ['sides'], ['versions']]) void client.invalidateQueries({ queryKey: key });
  return done.messages;
}
