export interface Offer {
  id: string;
  kind: 'reply' | 'macro';
  name: string;
  /** What is also searched: the folder's name, the first words. */
  folder: string | null;
  words: string;
  used: number;
}

/** The offers that hold every word of a search: names that begin with it first, then by use. */
export function rankOffers(offers: readonly Offer[], search: string): Offer[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const scored = offers.flatMap((offer) => {
    const name = offer.name.toLocaleLowerCase();
    const all = `${name} ${(offer.folder ?? '').toLocaleLowerCase()} ${offer.words.toLocaleLowerCase()}`;
    if (!words.every((word) => all.includes(word))) return [];
    const first = words[0] ?? '';
    const score = words.length === 0 ? 0 : name.startsWith(first) ? 3 : words.every((word) => name.includes(word)) ? 2 : 1;
    return [{ offer, score }];
  });
  return scored.sort((a, b) => b.score - a.score || b.offer.used - a.offer.used || a.offer.name.localeCompare(b.offer.name)).map((one) => one.offer);
}
