// When a line that nobody looks at is let go.

export interface Seen {
  /** There are words that the visitor has not seen. */
  unread: boolean;
  /** The visitor has a conversation at all; else the line only says that they are on the site. */
  talks: boolean;
  open: boolean;
  hidden: boolean;
}

/** So long nobody may look, in ms. */
const PATIENCE = 120_000;

/** Whether nobody looks just now. */
const isIgnored = ({ unread, talks, open, hidden }: Seen) => (unread && (!open || hidden)) || (!talks && hidden);

/** Asked now and then, says when nobody has looked for two minutes. */
export function patience(most = PATIENCE): (seen: Seen, now: number) => boolean {
  let since: number | null = null;
  return (seen, now) => {
    since = isIgnored(seen) ? (since ?? now) : null;
    return since !== null && now - since > most;
  };
}
