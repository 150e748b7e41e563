import { type Conversation, get, type Page } from '@api';
import type { QueryClient } from '@tanstack/react-query';
import type { ConversationPages } from '../conversation/cache';
import { viewQuery } from '../conversation/views';

/** What a fresh first page holds that the drawn one does not, or no longer at the top: it waits behind the pill. */
export function newcomers(drawn: readonly Conversation[], fresh: readonly Conversation[]): string[] {
  const known = new Map(drawn.map((c, at) => [c.id, { at, time: c.last_message_at }]));
  return fresh.flatMap((c, at) => {
    const old = known.get(c.id);
    return !old || (old.at > at && old.time !== c.last_message_at) ? [c.id] : [];
  });
}

/** Looks whether a saved view on the screen has news. Rows keep their places. */
export async function peekInto(client: QueryClient, view: string, onNews: (view: string, ids: string[]) => void): Promise<void> {
  for (const [key, data] of client.getQueriesData<ConversationPages>({ queryKey: ['conversations', view], type: 'active' })) {
    const sort = key[2] as string;
    const fresh = await get<Page<Conversation>>('/conversations', { query: { ...viewQuery(view), sort, limit: 50 } }).catch(() => null);
    if (!data || !fresh) continue;
    const ids = newcomers(
      data.pages.flatMap((page) => page.items),
      fresh.items,
    );
    if (ids.length > 0) onNews(view, ids);
  }
}
