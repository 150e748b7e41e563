// Whom the frame hears: only the window that embeds it, and only with the origin that the browser itself names for that window.
import type { ToFrame } from '../protocol';

/** Who embeds us, by the browser's word and nobody else's. */
export function embedder(ancestors: ArrayLike<string> | undefined, referrer: string): string | null {
  const first = ancestors?.[0];
  if (first && first !== 'null') return first;
  try {
    const { origin } = new URL(referrer);
    return origin === 'null' ? null : origin;
  } catch {
    return null;
  }
}

/** What a message says, when it is for us to hear. */
export function heard(event: Pick<MessageEvent, 'source' | 'origin' | 'data'>, parent: unknown, origin: string | null): ToFrame | null {
  if (origin === null || event.origin !== origin || event.source !== parent) return null;
  const data = event.data as { sonnim?: unknown; say?: unknown } | null;
  return data?.sonnim === 1 && Array.isArray(data.say) && typeof data.say[0] === 'string' ? (data.say as unknown as ToFrame) : null;
}
