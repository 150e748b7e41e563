export interface Part {
  text: string;
  hit: boolean;
}

/** Cuts a snippet at the ranges to highlight (UTF-16 offsets, in order; overlaps and nonsense are tolerated). */
export function cutRanges(snippet: string, ranges: readonly (readonly [number, number])[]): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const start = Math.max(at, Math.min(from, snippet.length));
    const end = Math.min(to, snippet.length);
    if (end <= start) continue;
    if (start > at) parts.push({ text: snippet.slice(at, start), hit: false });
    parts.push({ text: snippet.slice(start, end), hit: true });
    at = end;
  }
  if (at < snippet.length) parts.push({ text: snippet.slice(at), hit: false });
  return parts;
}
