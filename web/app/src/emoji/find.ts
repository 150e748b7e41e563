/** An emoji, its name, and words that mean it. */
export type Emoji = readonly [emoji: string, name: string, words: string];

const loaded = new Map<string, Promise<readonly Emoji[]>>();
const FILES = { en: () => import('./emoji.en.json'), ko: () => import('./emoji.ko.json') };

/** All of them, with their names in a language; fetched when they are first wanted. */
export function loadEmoji(language: string): Promise<readonly Emoji[]> {
  const key = language === 'ko' ? 'ko' : 'en';
  const known = loaded.get(key) ?? FILES[key]().then((file) => file.default as unknown as readonly Emoji[]);
  loaded.set(key, known);
  known.catch(() => loaded.delete(key));
  return known;
}

const fold = (text: string): string => text.normalize('NFC').toLocaleLowerCase();

/** Those whose name or words hold what is wanted: names that begin with it first, then words that are it, then the others. */
export function findEmoji(all: readonly Emoji[], wanted: string, most: number): Emoji[] {
  const query = fold(wanted.trim()).replaceAll('_', ' ');
  if (!query) return all.slice(0, most);
  const scored: { one: Emoji; score: number }[] = [];
  for (const one of all) {
    const name = fold(one[1]);
    const words = fold(one[2]).split(',');
    const score = name.startsWith(query)
      ? 0
      : words.includes(query)
        ? 1
        : words.some((word) => word.startsWith(query)) || name.includes(` ${query}`)
          ? 2
          : name.includes(query) || words.some((word) => word.includes(query))
            ? 3
            : 4;
    if (score < 4) scored.push({ one, score });
  }
  // The sort is stable: within a score they stay in the order of Unicode.
  return scored
    .sort((a, b) => a.score - b.score)
    .slice(0, most)
    .map(({ one }) => one);
}

const RECENT = 'sonnim.emoji';

/** What was taken last on this device. */
export function recentEmoji(): string[] {
  try {
    return (JSON.parse(localStorage.getItem(RECENT) ?? '[]') as unknown[]).filter((one): one is string => typeof one === 'string').slice(0, 16);
  } catch {
    return [];
  }
}

export function rememberEmoji(emoji: string): void {
  try {
    localStorage.setItem(RECENT, JSON.stringify([emoji, ...recentEmoji().filter((one) => one !== emoji)].slice(0, 16)));
  } catch {
    // It is a convenience only.
  }
}
