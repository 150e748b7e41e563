import { type Draft, type DraftForm, del, get, Problem, put } from '@api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { keys } from './cache';
import { noteDraftWrite } from './draft-writes';

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

export type SaveState = 'none' | 'dirty' | 'saving' | 'saved' | 'failed';
export type DraftContent = Omit<DraftForm, 'version'>;

const isEmpty = (content: DraftContent): boolean => content.html === '' && content.attachment_ids.length === 0;

/** Keeps what is being written on the server: one request at a time, the newest words always win. */
export function useAutosave(id: string, read: () => DraftContent, start: Draft | null) {
  const client = useQueryClient();
  const [state, setState] = useState<SaveState>(start === null ? 'none' : 'saved');
  const version = useRef<number | null>(start?.version ?? null);
  // The newest draft that this page wrote or showed.
  const seen = useRef(start?.updated_at ?? '');
  const dirty = useRef(false);
  const running = useRef<Promise<void> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(read);
  latest.current = read;

  const write = useCallback(
    async (content: DraftContent, again = true): Promise<void> => {
      noteDraftWrite(id);
      try {
        if (isEmpty(content)) {
          if (version.current !== null) await del(`/conversations/${id}/draft`);
          version.current = null;
          client.setQueryData(keys.draft(id), null);
          return;
        }
        const saved = await put<Draft>(`/conversations/${id}/draft`, { ...content, version: version.current } satisfies DraftForm);
        version.current = saved.version;
        seen.current = saved.updated_at;
        client.setQueryData(keys.draft(id), saved);
      } catch (error) {
        // Another device of ours was faster; what is being typed here is newer.
        if (again && error instanceof Problem && error.status === 409 && error.current) {
          version.current = (error.current as Draft).version;
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
      .then(() => setState(dirty.current ? 'dirty' : version.current === null ? 'none' : 'saved'))
      .catch(() => {
        dirty.current = true;
        setState('failed');
        timer.current = setTimeout(() => void flush(), 5000);
      })
      .finally(() => {
        running.current = null;
      });
    await running.current;
  }, [write]);

  const changed = useCallback(() => {
    dirty.current = true;
    setState((now) => (now === 'saving' ? now : 'dirty'));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void flush(), 700);
  }, [flush]);

  /** Stops saving and forgets the version: the words have left as a message. */
  const reset = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current);
    dirty.current = false;
    if (running.current) await running.current.catch(() => undefined);
    version.current = null;
    await client.cancelQueries({ queryKey: keys.draft(id) });
    client.setQueryData(keys.draft(id), null);
    setState('none');
  }, [client, id]);

  /** Takes over a draft that came from elsewhere: another device, or a message that was taken back. False when it is no news. */
  const adopt = useCallback((draft: Draft): boolean => {
    if (dirty.current || running.current || draft.updated_at <= seen.current) return false;
    seen.current = draft.updated_at;
    version.current = draft.version;
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
