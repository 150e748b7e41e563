const PLACEHOLDER = /\[\[\s*([^[\]<>\n]*[\p{L}\p{N}][^[\]<>\n]*?)\s*\]\]/gu;

/** Where `[[ what to fill in ]]` stands in a text. The server finds the same ones. */
export function findPlaceholders(text: string): { from: number; to: number; words: string }[] {
  return [...text.matchAll(PLACEHOLDER)]
    .map((found) => ({ from: found.index, to: found.index + found[0].length, words: (found[1] ?? '').trim() }))
    .filter((one) => [...one.words].length <= 80);
}
