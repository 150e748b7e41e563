/** Where in a text the words are, whatever their case: from and to, in order. Words that would be cut by a `\0` are none. */
export function findAll(text: string, words: string): [number, number][] {
  const sought = words.trim().toLocaleLowerCase();
  const lower = text.toLocaleLowerCase();
  // A letter that grows when made small would shift every place after it.
  const base = lower.length === text.length ? lower : text;
  const found: [number, number][] = [];
  if (!sought) return found;
  for (let at = base.indexOf(sought); at >= 0; at = base.indexOf(sought, at + sought.length)) found.push([at, at + sought.length]);
  return found;
}

const BLOCK = /^(P|DIV|LI|TD|TH|TR|BLOCKQUOTE|PRE|H[1-6]|BR|HR|TABLE|UL|OL)$/;

/** The places of the words in what an element draws, shadow roots included. A word may go over bold letters, but not over paragraphs. */
export function findIn(root: Element, words: string): Range[] {
  const nodes: { node: Text; from: number }[] = [];
  let text = '';
  const walk = (node: Node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      nodes.push({ node: node as Text, from: text.length });
      text += node.nodeValue ?? '';
      return;
    }
    if (!(node instanceof Element || node instanceof DocumentFragment)) return;
    const breaks = node instanceof Element && BLOCK.test(node.tagName);
    if (breaks) text += '\0';
    for (const child of (node instanceof Element && node.shadowRoot ? node.shadowRoot : node).childNodes) walk(child);
    if (breaks) text += '\0';
  };
  walk(root);
  const place = (at: number, end: boolean): [Text, number] | null => {
    const one = nodes.findLast(({ from }) => (end ? from < at : from <= at));
    return one ? [one.node, Math.min(at - one.from, one.node.length)] : null;
  };
  return findAll(text, words).flatMap(([from, to]) => {
    const start = place(from, false);
    const stop = place(to, true);
    if (!start || !stop) return [];
    const range = new Range();
    range.setStart(...start);
    range.setEnd(...stop);
    return [range];
  });
}
