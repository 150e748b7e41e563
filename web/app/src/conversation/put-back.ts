/** Where a picture is now that an earlier page had under way: in the text again, beside it, or nowhere, because it was taken out. */
export type Standing = 'text' | 'beside' | 'gone';

const parsed = (html: string): HTMLElement => new DOMParser().parseFromString(html, 'text/html').body;
const markIn = (body: HTMLElement, key: string) => [...body.querySelectorAll<HTMLImageElement>('img[data-upload]')].find((one) => one.dataset.upload === key);

/** A text as far as places in it go: its words, what they stand in, and its pictures. */
function shape(node: Node): string {
  if (node instanceof HTMLImageElement) return `[${node.getAttribute('src')}]`;
  if (!(node instanceof Element)) return (node.textContent ?? '').replace(/\s+/g, '');
  const inner = [...node.childNodes].map(shape).join('');
  return inner && `<${node.tagName}>${inner}</>`;
}

/**
 * Where pictures belong in a text, by the text with marks that was kept: the text to show, and where each is. When other words stand
 * there by now, nobody can say where a picture was, and it is put beside them.
 */
export function putBack(marked: string | null, now: string, keys: readonly string[]): { html: string | null; standing: Map<string, Standing> } {
  const body = parsed(marked ?? '');
  const bare = parsed(marked ?? '');
  for (const one of bare.querySelectorAll('img[data-upload]')) one.remove();
  const isSame = marked !== null && shape(bare) === shape(parsed(now));
  const standing = new Map<string, Standing>();
  for (const key of keys) standing.set(key, marked !== null && !markIn(body, key) ? 'gone' : isSame ? 'text' : 'beside');
  return { html: [...standing.values()].includes('text') ? body.innerHTML : null, standing };
}
