import type { ConversationDetail, Draft, Mailbox } from '@api';
import { toast } from '@ui';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../session/queries';
import { problemText } from '../shell/problem-text';
import type { ComposerKind } from '../shell/state';
import { useAutosave, useKeptDraft } from './draft';
import { keepMarks, keptMarks } from './draft-kept';
import type { EditorHandle } from './editor';
import { looksLikeAddress } from './mailbox';
import { useOutbox, type Written } from './outbox';
import { type PutBack, usePictureNews, useUploads } from './uploads';

/** A draft is kept without addresses that are still half written. */
const whole = (list: Mailbox[]): Mailbox[] => list.filter((one) => looksLikeAddress(one.address));

/** What is being written in a conversation: words, recipients and files, kept on this device and on the server as it changes. */
export function useWriting(conversation: ConversationDetail, server: Draft | null, sending: boolean) {
  const { t } = useTranslation();
  const id = conversation.id;
  const me = useMe().agent.id;
  const { draft, isNews } = useKeptDraft(me, id, server);
  const [kind, setKind] = useState<ComposerKind>(draft?.kind ?? 'reply');
  const [html, setHtml] = useState(draft?.html ?? '');
  // Until one writes others, the conversation's own.
  const [to, setTo] = useState<Mailbox[] | null>(draft?.to.length ? draft.to : null);
  const [cc, setCc] = useState<Mailbox[] | null>(draft?.to.length ? draft.cc : null);
  const [bcc, setBcc] = useState<Mailbox[]>(draft?.bcc ?? []);
  const [rows, setRows] = useState({ to: false, cc: (draft?.cc.length ?? 0) > 0, bcc: (draft?.bcc.length ?? 0) > 0 });
  const toNow = to ?? conversation.reply_to_defaults.to;
  const ccNow = cc ?? conversation.reply_to_defaults.cc;

  const editor = useRef<EditorHandle>(null);
  const words = useRef(html);
  words.current = html;
  const setWords = useCallback((next: string, show = true) => {
    words.current = next;
    setHtml(next);
    if (show) editor.current?.setHtml(next);
  }, []);

  const failed = useCallback((error: unknown) => toast(problemText(t, error)), [t]);
  const changed = useRef<() => void>(() => undefined);
  // The editor comes later than what it is to show.
  const [marks] = useState(() => keptMarks(me, id));
  const isReady = useRef(false);
  const whenReady = useRef<() => void>(() => undefined);
  const onReady = useCallback(() => {
    isReady.current = true;
    whenReady.current();
  }, []);
  const putBack = useCallback<PutBack>(
    async (pictures) => {
      if (!isReady.current)
        await new Promise<void>((resolve) => {
          whenReady.current = resolve;
        });
      return editor.current?.putBack(marks, pictures) ?? new Map();
    },
    [marks],
  );
  const uploads = useUploads(draft?.attachments ?? [], draft?.html ?? '', () => changed.current(), failed, `${me}.${id}`, putBack);
  usePictureNews(editor, uploads.items);
  const autosave = useAutosave(
    id,
    () => ({ kind, html: words.current, to: whole(toNow), cc: whole(ccNow), bcc: whole(bcc), attachment_ids: uploads.of(words.current).map((one) => one.id) }),
    server,
    (merged) => {
      setWords(merged.html);
      toast(t('app.composer.merged'));
    },
  );
  changed.current = autosave.changed;

  const fill = useCallback(
    (written: Written) => {
      setKind(written.kind);
      setWords(written.html);
      if (written.to.length > 0) {
        setTo(written.to);
        setCc(written.cc);
      }
      setBcc(written.bcc);
      uploads.replace(written.attachments, written.html);
    },
    [setWords, uploads],
  );
  const clear = () => {
    setWords('');
    uploads.replace([], '');
    setTo(null);
    setCc(null);
    setBcc([]);
    setRows({ to: false, cc: false, bcc: false });
  };
  /** Words that were typed. */
  const wrote = (next: string) => {
    setWords(next, false);
    keepMarks(me, id, uploads.keepsPictures() ? (editor.current?.marked() ?? null) : null);
    autosave.changed();
  };
  const setRecipients = (which: 'to' | 'cc' | 'bcc') => (value: Mailbox[]) => {
    if (which === 'to') setTo(value);
    if (which === 'cc') {
      setCc(value);
      if (to === null) setTo(toNow);
    }
    if (which === 'bcc') setBcc(value);
    autosave.changed();
  };

  // What this device kept goes to the server now.
  useEffect(() => {
    if (isNews) autosave.changed();
  }, [isNews, autosave.changed]);
  // Another of my devices wrote on, or an undo brought the words back.
  useEffect(() => {
    if (server && !sending && autosave.adopt(server)) fill(server);
  }, [server, sending, autosave, fill]);
  // A message that never left: its words go before what has been written since.
  const back = useOutbox((s) => s.back);
  useEffect(() => {
    if (back?.conversation !== id) return;
    useOutbox.setState({ back: null });
    const { written } = back;
    fill({ ...written, html: written.html + words.current, attachments: [...written.attachments, ...uploads.of(words.current)] });
    autosave.changed();
  }, [back, id, autosave, uploads, fill]);

  return { kind, setKind, html, wrote, setWords, to: toNow, cc: ccNow, bcc, setRecipients, rows, setRows, editor, onReady, uploads, autosave, fill, clear };
}

export type Writing = ReturnType<typeof useWriting>;
