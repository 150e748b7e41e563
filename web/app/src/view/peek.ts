import { type Conversation, get, type Page } from '@api';
import type { QueryClient } from '@tanstack/react-query';
import type { ConversationPages } from '../conversation/cache';
import type { GroupedPage } from '../conversation/grouped';
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
    const plan = (data?.pages[0] as GroupedPage | undefined)?.plan;
    // In a divided list only what happened since it was drawn is news: the rest may be further down.
    const sort = plan ? 'newest' : (key[2] as string);
    const fresh = await get<Page<Conversation>>('/conversations', { query: { ...viewQuery(view), sort, limit: 50 } }).catch(() => null);
    if (!data || !fresh) continue;
    const drawn = data.pages.flatMap((page) => page.items);
    const ids = plan
      ? fresh.items.filter((c) => c.last_message_at > plan.at && drawn.every((one) => one.id !== c.id)).map((c) => c.id)
      : newcomers(drawn, fresh.items);
    if (ids.length > 0) onNews(view, ids);
  }
}
