import { type Attachment, apiUrl, Problem, upload } from '@api';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { EditorHandle } from './editor';

export interface Upload {
  key: string;
  name: string;
  size: number;
  progress: number;
  failed: boolean;
  /** It stands in the text, not in the list of files. */
  inline: boolean;
  attachment: Attachment | null;
}

/** Where the bytes of a picture in the text are. */
export const pictureUrl = (id: string): string => apiUrl(`/attachments/${id}`, { inline: 1 });

/** Files on their way up, and those that arrived. What the lost connection stopped goes on by itself. */
export function useUploads(initial: Attachment[], html: string, onChange: () => void, onError: (error: unknown) => void) {
  const [items, setItems] = useState<Upload[]>(() => initial.map((one) => done(one, html)));
  const now = useRef(items);
  now.current = items;
  const calls = useRef({ onChange, onError });
  calls.current = { onChange, onError };
  const aborts = useRef(new Map<string, AbortController>());
  const files = useRef(new Map<string, File>());
  const stopped = useRef(new Set<string>());

  const update = useCallback((next: (items: Upload[]) => Upload[]) => {
    now.current = next(now.current);
    setItems(now.current);
  }, []);
  const begin = useCallback(
    (key: string) => {
      const file = files.current.get(key);
      if (!file) return;
      const abort = new AbortController();
      aborts.current.set(key, abort);
      stopped.current.delete(key);
      const change = (part: Partial<Upload>) => update((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
      change({ progress: 0, failed: false });
      upload<Attachment>('/attachments', file, { filename: file.name }, (progress) => change({ progress }), abort.signal)
        .then((attachment) => {
          files.current.delete(key);
          change({ progress: 1, attachment });
          calls.current.onChange();
        })
        .catch((error: unknown) => {
          if (abort.signal.aborted) return;
          if (error instanceof Problem && error.isOffline) stopped.current.add(key);
          change({ failed: true });
          calls.current.onError(error);
        });
    },
    [update],
  );
  useEffect(() => {
    const again = () => {
      for (const key of stopped.current) begin(key);
    };
    addEventListener('sonnim:live', again);
    return () => removeEventListener('sonnim:live', again);
  }, [begin]);

  const add = useCallback(
    (list: File[], inline = false): string[] =>
      list.map((file) => {
        const key = crypto.randomUUID();
        files.current.set(key, file);
        update((all) => [...all, { key, name: file.name, size: file.size, progress: 0, failed: false, inline, attachment: null }]);
        begin(key);
        return key;
      }),
    [update, begin],
  );
  const addInline = useCallback((list: File[]) => add(list, true), [add]);
  const remove = useCallback(
    (key: string) => {
      aborts.current.get(key)?.abort();
      update((all) => all.filter((one) => one.key !== key));
      calls.current.onChange();
    },
    [update],
  );
  const replace = useCallback((attachments: Attachment[], text: string) => update(() => attachments.map((one) => done(one, text))), [update]);
  /** What goes with a text: the files beside it, and the pictures that it still shows. */
  const of = useCallback(
    (text: string): Attachment[] => now.current.flatMap((one) => (one.attachment && (!one.inline || text.includes(one.attachment.id)) ? [one.attachment] : [])),
    [],
  );
  /** Why a text cannot leave yet; a picture that was taken out of it again does not matter. */
  const missing = useCallback((pictures: readonly string[]): 'uploading' | 'upload_failed' | null => {
    const open = now.current.filter((one) => !one.attachment && (!one.inline || pictures.includes(one.key)));
    if (open.some((one) => one.failed && one.inline)) return 'upload_failed';
    return open.some((one) => !one.failed) ? 'uploading' : null;
  }, []);
  return { items, add, addInline, remove, replace, retry: begin, of, missing };
}

/** Tells the editor how its pictures' uploads go. */
export function usePictureNews(editor: RefObject<EditorHandle | null>, items: readonly Upload[]): void {
  useEffect(() => {
    for (const { inline, key, progress, failed, attachment } of items)
      if (inline) editor.current?.picture(key, { progress, failed, src: attachment ? pictureUrl(attachment.id) : null });
  }, [editor, items]);
}

const done = (attachment: Attachment, html: string): Upload => ({
  key: attachment.id,
  name: attachment.filename,
  size: attachment.size,
  progress: 1,
  failed: false,
  inline: html.includes(attachment.id),
  attachment,
});
