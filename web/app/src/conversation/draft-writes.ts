const writes = new Map<string, number>();

/** Remembers that this page has just written a conversation's draft. */
export const noteDraftWrite = (id: string): void => void writes.set(id, Date.now());

/** Whether this page wrote the draft a moment ago, so that the stream's word of it is no news. */
export const wroteDraft = (id: string): boolean => Date.now() - (writes.get(id) ?? 0) < 3000;
