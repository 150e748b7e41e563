// What a site's own search gives is a stranger's: only text and addresses of the web are taken from it.

export interface Article {
  title: string;
  url: string;
  snippet: string;
}

const MOST = 5;
const text = (value: unknown, most: number) => (typeof value === 'string' ? value.replace(/\s+/g, ' ').trim().slice(0, most) : '');

/** At most five articles with a title and an address. */
export function read(items: unknown): Article[] {
  if (!Array.isArray(items)) return [];
  const all: Article[] = [];
  for (const one of items.slice(0, 50) as ({ title?: unknown; url?: unknown; snippet?: unknown } | null)[]) {
    const title = text(one?.title, 200);
    let url: URL;
    try {
      url = new URL(String(one?.url));
    } catch {
      continue;
    }
    if (!title || (url.protocol !== 'https:' && url.protocol !== 'http:')) continue;
    if (!all.some((known) => known.url === url.href)) all.push({ title, url: url.href, snippet: text(one?.snippet, 300) });
    if (all.length === MOST) break;
  }
  return all;
}
