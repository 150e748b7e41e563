import { type Draft, type DraftForm, del, get, Problem, put } from '@api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useMe } from '../session/queries';
import { keys } from './cache';
import { type DraftBase, type DraftContent, forgetDraft, type KeptDraft, keepDraft, keptDraft, mergeDraft } from './draft-kept';
import { noteDraftWrite } from './draft-writes';
import type { Sent } from './use-outbox';

/** The draft the server keeps for this agent and conversation; `null` when there is none. */
export const useDraft = (id: string) =>
  useQuery({
    queryKey: keys.draft(id),
    queryFn: async (): Promise<Draft | null> => {
      try {
        return await get<Draft>(`/conversations/${id}/draft`);
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
    staleTime: 10_000,
  });

/** `kept`: on this device only, until the connection is back. */
export type SaveState = 'none' | 'dirty' | 'saving' | 'saved' | 'kept' | 'failed';

/** The draft to begin with: the server's, or what this device kept, or both when they differ. `isNews` when the server does not know it. */
export function useKeptDraft(agent: string, id: string, server: Draft | null): { draft: Draft | null; isNews: boolean } {
  const [start] = useState(() => {
    const kept = keptDraft(agent, id);
    if (!kept) return null;
    const { by, content } = mergeDraft(kept, server);
    if (by !== 'server') return content;
    forgetDraft(agent, id);
    return null;
  });
  if (!start) return { draft: server, isNews: false };
  const { attachment_ids, ...content } = start;
  const attachments = (server?.attachments ?? []).filter((one) => attachment_ids.includes(one.id));
  return { draft: { ...content, attachments, version: server?.version ?? 0, updated_at: server?.updated_at ?? '' }, isNews: true };
}

const isEmpty = (content: DraftContent): boolean => content.html === '' && content.attachment_ids.length === 0;

/** Keeps what is being written on the server: one request at a time, the newest words always win. */
export function useAutosave(id: string, read: () => DraftContent, start: Draft | null, onMerged: (content: DraftContent) => void) {
  const client = useQueryClient();
  const me = useMe().agent.id;
  const [state, setState] = useState<SaveState>(start === null ? 'none' : 'saved');
  const version = useRef<number | null>(start?.version ?? null);
  // The newest draft that this page wrote or showed.
  const seen = useRef(start?.updated_at ?? '');
  // What the server and this page last agreed on.
  const base = useRef<DraftBase | null>(start && { version: start.version, html: start.html });
  // The connection was gone since: meanwhile another device may have written.
  const wasCut = useRef(false);
  const dirty = useRef(false);
  const running = useRef<Promise<void> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(read);
  latest.current = read;
  const merged = useRef(onMerged);
  merged.current = onMerged;

  const write = useCallback(
    async (content: DraftContent, again = true): Promise<void> => {
      noteDraftWrite(id);
      try {
        if (isEmpty(content)) {
          if (version.current !== null) await del(`/conversations/${id}/draft`);
          version.current = null;
          base.current = null;
          client.setQueryData(keys.draft(id), null);
          return;
        }
        const saved = await put<Draft>(`/conversations/${id}/draft`, { ...content, version: version.current } satisfies DraftForm);
        version.current = saved.version;
        seen.current = saved.updated_at;
        base.current = { version: saved.version, html: saved.html };
        client.setQueryData(keys.draft(id), saved);
      } catch (error) {
        // Another device of ours was faster; what is being typed here is newer.
        if (again && error instanceof Problem && error.status === 409 && error.current) {
          const current = error.current as Draft;
          version.current = current.version;
          const joined = wasCut.current ? mergeDraft({ content, base: base.current }, current) : null;
          if (joined?.by === 'both') {
            merged.current(joined.content);
            return write(joined.content, false);
          }
          return write(content, false);
        }
        if (error instanceof Problem && error.status === 404 && isEmpty(content)) return;
        throw error;
      }
    },
    [client, id],
  );

  const flush = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current);
    if (running.current) await running.current;
    if (!dirty.current) return;
    dirty.current = false;
    setState('saving');
    running.current = write(latest.current())
      .then(() => {
        wasCut.current = false;
        if (!dirty.current) forgetDraft(me, id);
        setState(dirty.current ? 'dirty' : version.current === null ? 'none' : 'saved');
      })
      .catch((error: unknown) => {
        dirty.current = true;
        wasCut.current ||= error instanceof Problem && error.isOffline;
        setState(keepDraft(me, id, { content: latest.current(), base: base.current }) ? 'kept' : 'failed');
        timer.current = setTimeout(() => void flush(), 5000);
      })
      .finally(() => {
        running.current = null;
      });
    await running.current;
  }, [write, id, me]);

  const changed = useCallback(() => {
    dirty.current = true;
    // Before the server has it, this device has: a reload loses nothing.
    const kept: KeptDraft = { content: latest.current(), base: base.current };
    const isKept = keepDraft(me, id, kept);
    setState((now) => (now === 'saving' || (now === 'kept' && isKept) ? now : 'dirty'));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void flush(), 700);
  }, [flush, id, me]);
  // What waits for the connection goes out with it.
  useEffect(() => {
    const again = () => void flush();
    const sent = (event: Event) => {
      if ((event as CustomEvent<Sent>).detail.one.conversation !== id || isEmpty(latest.current())) return;
      version.current = null;
      base.current = null;
      changed();
    };
    addEventListener('sonnim:live', again);
    addEventListener('sonnim:sent', sent);
    return () => {
      removeEventListener('sonnim:live', again);
      removeEventListener('sonnim:sent', sent);
    };
  }, [flush, changed, id]);

  /** Stops saving and forgets the version: the words have left as a message. */
  const reset = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current);
    dirty.current = false;
    if (running.current) await running.current.catch(() => undefined);
    version.current = null;
    base.current = null;
    forgetDraft(me, id);
    await client.cancelQueries({ queryKey: keys.draft(id) });
    client.setQueryData(keys.draft(id), null);
    setState('none');
  }, [client, id, me]);

  /** Takes over a draft that came from elsewhere: another device, or a message that was taken back. False when it is no news. */
  const adopt = useCallback((draft: Draft): boolean => {
    if (dirty.current || running.current || draft.updated_at <= seen.current) return false;
    seen.current = draft.updated_at;
    version.current = draft.version;
    base.current = { version: draft.version, html: draft.html };
    setState('saved');
    return true;
  }, []);

  useEffect(() => {
    const leave = () => {
      if (dirty.current) void flush();
    };
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [flush]);

  return { state, changed, flush, reset, adopt };
}
