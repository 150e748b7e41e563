// How the palette finds and orders. Pure.

const fold = (text: string): string => text.normalize('NFC').toLocaleLowerCase();

/** Where `wanted` stands in `text`, without regard to case. */
export function findRange(text: string, wanted: string): [number, number] | null {
  if (!wanted) return null;
  const at = fold(text).indexOf(fold(wanted));
  return at === -1 ? null : [at, at + wanted.length];
}

/** How well a label fits: 0 starts with it, 1 a word starts with it, 2 contains it, 3 all words occur; null does not fit. */
export function fitOf(label: string, wanted: string): number | null {
  const text = fold(label);
  const query = fold(wanted).trim();
  if (!query) return 0;
  if (text.startsWith(query)) return 0;
  if (text.split(/[\s:·,.]+/).some((word) => word.startsWith(query))) return 1;
  if (text.includes(query)) return 2;
  const words = query.split(/\s+/);
  return words.length > 1 && words.every((word) => text.includes(word)) ? 3 : null;
}

/** The commands that fit, best first, otherwise in their own order. */
export function rankCommands<T extends { label: string; words?: string }>(commands: readonly T[], wanted: string): T[] {
  return commands
    .map((command, order) => ({ command, order, score: fitOf(command.label, wanted) ?? (command.words && fitOf(command.words, wanted) !== null ? 4 : null) }))
    .filter((one): one is typeof one & { score: number } => one.score !== null)
    .sort((a, b) => a.score - b.score || a.order - b.order)
    .map((one) => one.command);
}
