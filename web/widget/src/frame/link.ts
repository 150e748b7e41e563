// The frame's side of what it and the site's page say to one another. Only the window that embeds us is heard, and only with the
// origin that the browser itself names for it; it is one that the inbox allows, or the browser would not show us there.
import type { FromFrame, ToFrame } from '../protocol';
import { embedder, heard } from './hearing';

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
