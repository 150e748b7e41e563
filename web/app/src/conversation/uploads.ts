import { type Attachment, apiUrl, Problem, upload } from '@api';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { EditorHandle } from './editor';
import type { Standing } from './put-back';
import { giveUp, IN_PIECES, uploadInPieces } from './upload-pieces';
import { forgetUpload, type KeptUpload, keepUpload, keptUploads } from './uploads-kept';

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

/** Puts pictures that an earlier page had under way back into the text, once there is one. */
export type PutBack = (pictures: ReadonlyMap<string, File>) => Promise<ReadonlyMap<string, Standing>>;

/** Files on their way up, and those that arrived. What the lost connection stopped goes on by itself: a large file where it was. */
export function useUploads(
  initial: Attachment[],
  html: string,
  onChange: () => void,
  onError: (error: unknown) => void,
  /** Where large files are kept for, so that they go on when the page is loaded anew; nowhere without it. */
  place: string | null = null,
  /** Puts pictures back into the text. Needed where there is a place. */
  putBack: PutBack | null = null,
) {
  const [items, setItems] = useState<Upload[]>(() => initial.map((one) => done(one, html)));
  const now = useRef(items);
  now.current = items;
  const calls = useRef({ onChange, onError });
  calls.current = { onChange, onError };
  const aborts = useRef(new Map<string, AbortController>());
  const files = useRef(new Map<string, File>());
  const stopped = useRef(new Set<string>());
  /** What the server knows large ones by. */
  const begun = useRef(new Map<string, string>());

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
      change({ failed: false, ...(begun.current.has(key) ? {} : { progress: 0 }) });
      const inline = now.current.some((one) => one.key === key && one.inline);
      const kept = place !== null && file.size > IN_PIECES;
      const onProgress = (progress: number) => change({ progress });
      const keep = (id: string | null) => {
        if (id) begun.current.set(key, id);
        if (kept) void keepUpload({ key, place, file, upload: id, inline, at: Date.now() });
      };
      if (kept && !begun.current.has(key)) keep(null);
      const sending =
        file.size > IN_PIECES
          ? uploadInPieces(file, { known: begun.current.get(key) ?? null, onBegun: keep, onProgress, signal: abort.signal })
          : upload<Attachment>('/attachments', file, { filename: file.name }, onProgress, abort.signal);
      sending
        .then((attachment) => {
          files.current.delete(key);
          begun.current.delete(key);
          if (kept) void forgetUpload(key);
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
    [update, place],
  );
  // What an earlier page had under way.
  useEffect(() => {
    if (place === null) return;
    let gone = false;
    const goOn = ({ key, file, upload: id, inline }: KeptUpload) => {
      files.current.set(key, file);
      if (id) begun.current.set(key, id);
      update((items) => [...items, { key, name: file.name, size: file.size, progress: 0, failed: false, inline, attachment: null }]);
      begin(key);
    };
    void keptUploads(place, Date.now()).then(async (all) => {
      const known = gone ? [] : all.filter((one) => !files.current.has(one.key));
      const pictures = known.filter((one) => one.inline);
      for (const one of known) if (!one.inline) goOn(one);
      if (pictures.length === 0 || !putBack) return;
      const standing = await putBack(new Map(pictures.map(({ key, file }) => [key, file])));
      for (const one of gone ? [] : pictures) {
        const where = standing.get(one.key);
        if (where === 'text') goOn(one);
        else if (where === 'beside') {
          const beside = { ...one, inline: false };
          void keepUpload(beside);
          goOn(beside);
        } else {
          if (one.upload) void giveUp(one.upload);
          void forgetUpload(one.key);
        }
      }
    });
    return () => {
      gone = true;
    };
  }, [place, update, begin, putBack]);
  // Left in the middle: the next visit goes on with it.
  useEffect(() => {
    const all = aborts.current;
    return () => {
      for (const [key, abort] of all) if (files.current.has(key) && begun.current.has(key)) abort.abort();
    };
  }, []);
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
  /** Nobody wants it any more. */
  const drop = useCallback((key: string) => {
    const id = begun.current.get(key);
    if (id) void giveUp(id);
    if (files.current.has(key)) void forgetUpload(key);
    files.current.delete(key);
    begun.current.delete(key);
  }, []);
  const remove = useCallback(
    (key: string) => {
      aborts.current.get(key)?.abort();
      drop(key);
      update((all) => all.filter((one) => one.key !== key));
      calls.current.onChange();
    },
    [update, drop],
  );
  /** Other files than before. What is still on its way stays so. */
  const replace = useCallback(
    (attachments: Attachment[], text: string) =>
      update((all) => {
        const onTheWay = all.filter((one) => !one.attachment && !one.inline && !one.failed);
        for (const one of all) if (!one.attachment && !onTheWay.includes(one)) drop(one.key);
        return [...attachments.map((one) => done(one, text)), ...onTheWay];
      }),
    [update, drop],
  );
  /** Files that are on the server already, with the words that they come with. */
  const join = useCallback((attachments: Attachment[], text: string) => update((all) => [...all, ...attachments.map((one) => done(one, text))]), [update]);
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
  /** Whether a picture of the text would go on when the page is loaded anew. */
  const keepsPictures = useCallback(() => now.current.some((one) => one.inline && !one.attachment && one.size > IN_PIECES), []);
  return { items, add, addInline, remove, replace, join, retry: begin, of, missing, keepsPictures };
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
