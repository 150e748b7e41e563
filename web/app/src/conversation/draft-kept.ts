import type { Draft, DraftForm } from '@api';

export type DraftContent = Omit<DraftForm, 'version'>;

/** What a draft was when writing began: the last that the server and this page agreed on. */
export interface DraftBase {
  version: number;
  html: string;
}

/** A draft that has not reached the server, kept on this device. */
export interface KeptDraft {
  content: DraftContent;
  base: DraftBase | null;
}

const PREFIX = 'sonnim.draft.';
const keyOf = (agent: string, conversation: string): string => `${PREFIX}${agent}.${conversation}`;

/** Keeps a draft on this device. False when there is no room for it. */
export function keepDraft(agent: string, conversation: string, kept: KeptDraft): boolean {
  try {
    localStorage.setItem(keyOf(agent, conversation), JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

export function keptDraft(agent: string, conversation: string): KeptDraft | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(agent, conversation)) ?? 'null') as KeptDraft | null;
  } catch {
    return null;
  }
}

const marksOf = (agent: string, conversation: string): string => `${keyOf(agent, conversation)}.marks`;

/** A text with marks where its pictures belong that are still on their way; none when there are no such. */
export const keptMarks = (agent: string, conversation: string): string | null => localStorage.getItem(marksOf(agent, conversation));

export function keepMarks(agent: string, conversation: string, marked: string | null): void {
  try {
    localStorage.removeItem(marksOf(agent, conversation));
    if (marked) localStorage.setItem(marksOf(agent, conversation), marked);
  } catch {
    // Without room for it, the pictures are put beside the text.
  }
}

export const forgetDraft = (agent: string, conversation: string): void => localStorage.removeItem(keyOf(agent, conversation));

/** Forgets all drafts of an agent on this device. */
export function forgetDrafts(agent: string): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(`${PREFIX}${agent}.`)) localStorage.removeItem(key);
}

/**
 * Brings together what this device kept and what the server has: `kept` when only we wrote, `server` when only another device did,
 * `both` when both did; then the content holds both texts, the server's first.
 */
export function mergeDraft(kept: KeptDraft, server: Draft | null): { by: 'kept' | 'server' | 'both'; content: DraftContent } {
  const { content, base } = kept;
  const unchanged = base !== null && content.html === base.html;
  if (!server) return { by: unchanged ? 'server' : 'kept', content };
  if (server.version === base?.version || server.html === base?.html || content.html.startsWith(server.html)) return { by: 'kept', content };
  if (unchanged || content.html === '' || server.html.includes(content.html)) return { by: 'server', content };
  const ids = new Set([...server.attachments.map((one) => one.id), ...content.attachment_ids]);
  return { by: 'both', content: { ...content, html: server.html + content.html, attachment_ids: [...ids] } };
}
