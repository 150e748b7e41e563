// The frame's side of what it and the site's page say to one another. Only the window that embeds us is heard, and only with the
// origin that the browser itself names for it; it is one that the inbox allows, or the browser would not show us there.
import type { FromFrame, ToFrame } from '../protocol';

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

const origin = embedder(location.ancestorOrigins, document.referrer);

export const say = (...what: FromFrame) => {
  if (origin && parent !== window) parent.postMessage({ sonnim: 1, say: what }, origin);
};

/** Begins to listen, and says so. False where nobody embeds us. */
export function listen(onSay: (what: ToFrame) => void): boolean {
  addEventListener('message', (event) => {
    const what = heard(event, parent, origin);
    if (what) onSay(what);
  });
  say('hello');
  return origin !== null && parent !== window;
}
