import type { Mailbox } from '@api';

/** Enough of an address to be worth sending to the server, which has the last word. */
export const looksLikeAddress = (text: string): boolean => /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]{2,}$/.test(text) || /^[^\s@<>,;"]+@localhost$/.test(text);

/** Reads `Name <a@b>`, `a@b`, and lists of them separated by comma, semicolon or line break. */
export function parseMailboxes(text: string): Mailbox[] {
  const parts: string[] = [];
  let current = '';
  let quoted = false;
  for (const ch of text) {
    if (ch === '"') quoted = !quoted;
    if (!quoted && /[,;\n]/.test(ch)) {
      parts.push(current);
      current = '';
    } else current += ch;
  }
  parts.push(current);
  return parts
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const named = /^(.*?)<([^<>]+)>$/.exec(part);
      if (!named) return { name: null, address: part };
      const name = (named[1] ?? '').trim().replace(/^"(.*)"$/, '$1');
      return { name: name || null, address: (named[2] ?? '').trim() };
    });
}

/** What a mailbox is called on a chip. */
export const mailboxName = (mailbox: Mailbox): string => mailbox.name || mailbox.address;

/** The full form, for tooltips and details. */
export const mailboxText = (mailbox: Mailbox): string => (mailbox.name ? `${mailbox.name} <${mailbox.address}>` : mailbox.address);

/** Adds without repeating an address. */
export function addMailboxes(list: readonly Mailbox[], more: readonly Mailbox[]): Mailbox[] {
  const known = new Set(list.map((one) => one.address.toLowerCase()));
  return [...list, ...more.filter((one) => !known.has(one.address.toLowerCase()) && known.add(one.address.toLowerCase()))];
}
