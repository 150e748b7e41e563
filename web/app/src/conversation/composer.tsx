import { type Attachment, type ConversationDetail, type Draft, del, type Mailbox, type Message, Problem, put, type Status } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Avatar, Button, Icon, IconButton, Menu, Segmented, toast } from '@ui';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { Dialog, DialogTrigger, Popover, Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { needArea } from '../i18n';
import { useFormat } from '../i18n/use-format';
import { findPlaceholders } from '../library/placeholders';
import { useMay, useMe } from '../session/queries';
import { pathOf, usePlace } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { type ComposerKind, type Present, useShell } from '../shell/state';
import { usePhone } from '../shell/use-media';
import { Collision } from '../work/collision';
import type { Mentionable } from '../work/mention';
import { MentionMenu } from '../work/mention-menu';
import { useMentionable } from '../work/use-mentionable';
import { keys, putTimelineItem, settleMessage, type TimelinePages, takeConversation } from './cache';
import { emptyGreeting, forgotAttachment, internalWords, plainText } from './checks';
import { useAutosave, useDraft, useKeptDraft } from './draft';
import type { EditorHandle } from './editor';
import { looksLikeAddress } from './mailbox';
import { outgoing, send as sendOutgoing, standInOf, useOutbox, type Written } from './outbox';
import { sendPresence } from './queries';
import { Recipients } from './recipients';
import { TimeDialog, useTimeGroups } from './send-later';
import { undoLeft, undoSend } from './undo-send';
import { UploadList } from './upload-list';
import { usePictureNews, useUploads } from './uploads';
import { useActions } from './use-actions';
import { findSent, type Sent } from './use-outbox';
import { neighbour } from './views';

const Editor = lazy(() => import('./editor'));
const LibraryPicker = lazy(() => Promise.all([import('../library/picker'), needArea('library')]).then(([page]) => page));

/** Where one answers. Waits for the draft, so that nothing is written over. */
export function Composer({ conversation, lastMessageId }: { conversation: ConversationDetail; lastMessageId: string | null }) {
  const draft = useDraft(conversation.id);
  const may = useMay('conversation.reply');
  if (!may) return null;
  // Without the server, one writes on with what this device has.
  if (draft.isPending && draft.failureCount === 0)
    return (
      <div className="comp-wrap" data-open="no">
        <div className="comp" style={{ height: 168 }} />
      </div>
    );
  return <Writer key={conversation.id} conversation={conversation} draft={draft.data ?? null} lastMessageId={lastMessageId} />;
}

type Warning = {
  id: 'attachment' | 'greeting' | 'newer' | 'typing' | 'internal' | 'placeholder' | 'recipients' | 'empty' | 'uploading' | 'upload_failed' | 'failed';
  text?: string;
} | null;
/** Another time, or on to the next conversation. */
interface More {
  at?: Date;
  next?: boolean;
}
/** Warnings that one may send in spite of. */
const ASKS = ['attachment', 'greeting', 'newer', 'typing', 'internal', 'placeholder'];
const NOBODY: Present[] = [];
/** A draft is kept without addresses that are still half written. */
const whole = (list: Mailbox[]): Mailbox[] => list.filter((one) => looksLikeAddress(one.address));

function Writer({ conversation, draft: server, lastMessageId }: { conversation: ConversationDetail; draft: Draft | null; lastMessageId: string | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const phone = usePhone();
  const place = usePlace();
  const me = useMe().agent;
  const actions = useActions();
  const format = useFormat();
  const id = conversation.id;
  /** What 'Send anyway' does. */
  const again = useRef<() => void>(() => undefined);

  const { draft, isNews } = useKeptDraft(me.id, id, server);

  const [kind, setKind] = useState<ComposerKind>(draft?.kind ?? 'reply');
  const [html, setHtml] = useState(draft?.html ?? '');
  const [to, setTo] = useState<Mailbox[] | null>(draft?.to.length ? draft.to : null);
  const [cc, setCc] = useState<Mailbox[] | null>(draft?.to.length ? draft.cc : null);
  const [bcc, setBcc] = useState<Mailbox[]>(draft?.bcc ?? []);
  const [warning, setWarning] = useState<Warning>(null);
  const [drop, setDrop] = useState(false);
  const [rows, setRows] = useState({ to: false, cc: (draft?.cc.length ?? 0) > 0, bcc: (draft?.bcc.length ?? 0) > 0 });
  const [sending, setSending] = useState(false);
  const [picking, setPicking] = useState(false);
  const library = useShell((s) => s.libraryWish);
  const asked = useRef(library);
  useEffect(() => {
    if (library === asked.current) return;
    asked.current = library;
    setPicking(true);
  }, [library]);
  const [timing, setTiming] = useState<'snooze' | 'later' | null>(null);
  const present = useShell((s) => s.presence[id] ?? NOBODY);
  const [collision, setCollision] = useState<{ newer: Message[]; then: Status | null } | null>(null);
  const mentionable = useMentionable(conversation);
  const offered = useRef<readonly Mentionable[] | null>(null);
  offered.current = kind === 'note' ? mentionable : null;
  // The message that was newest when writing began: a later one is worth a warning.
  const began = useRef<string | null>(lastMessageId);
  const editor = useRef<EditorHandle>(null);
  const files = useRef<HTMLInputElement>(null);
  const words = useRef(html);
  words.current = html;

  const toNow = to ?? conversation.reply_to_defaults.to;
  const ccNow = cc ?? conversation.reply_to_defaults.cc;

  const failed = useCallback((error: unknown) => toast(problemText(t, error)), [t]);
  const changedRef = useRef<() => void>(() => undefined);
  const uploads = useUploads(draft?.attachments ?? [], draft?.html ?? '', () => changedRef.current(), failed);
  usePictureNews(editor, uploads.items);
  const autosave = useAutosave(
    id,
    () => ({ kind, html: words.current, to: whole(toNow), cc: whole(ccNow), bcc: whole(bcc), attachment_ids: uploads.of(words.current).map((one) => one.id) }),
    server,
    (merged) => {
      editor.current?.setHtml(merged.html);
      setHtml(merged.html);
      words.current = merged.html;
      toast(t('app.composer.merged'));
    },
  );
  changedRef.current = autosave.changed;
  // What this device kept goes to the server now.
  useEffect(() => {
    if (isNews) autosave.changed();
  }, [isNews, autosave.changed]);

  // Another of my devices wrote on, or an undo brought the words back.
  useEffect(() => {
    if (!server || sending || !autosave.adopt(server)) return;
    setKind(server.kind);
    setHtml(server.html);
    editor.current?.setHtml(server.html);
    if (server.to.length > 0) {
      setTo(server.to);
      setCc(server.cc);
    }
    setBcc(server.bcc);
    uploads.replace(server.attachments, server.html);
  }, [server, sending, autosave, uploads]);

  // A message that never left: its words go before what has been written since.
  const back = useOutbox((s) => s.back);
  useEffect(() => {
    if (back?.conversation !== id) return;
    useOutbox.setState({ back: null });
    const { written } = back;
    const beside = uploads.of(words.current);
    words.current = written.html + words.current;
    setKind(written.kind);
    setHtml(words.current);
    editor.current?.setHtml(words.current);
    if (written.to.length > 0) {
      setTo(written.to);
      setCc(written.cc);
    }
    setBcc(written.bcc);
    uploads.replace([...written.attachments, ...beside], words.current);
    autosave.changed();
  }, [back, id, autosave, uploads]);

  // A message of ours that waited has gone out: it is not the newer one to be warned of.
  useEffect(() => {
    const sent = (event: Event) => {
      const { one, message } = (event as CustomEvent<Sent>).detail;
      if (one.conversation === id && began.current === one.ifLast) began.current = message.id;
    };
    addEventListener('sonnim:sent', sent);
    return () => removeEventListener('sonnim:sent', sent);
  }, [id]);

  const { compose, composerOpen, setComposerOpen } = useShell();
  const wish = useRef(compose?.nonce ?? 0);
  const focusSoon = useCallback(() => {
    // The editor may still be on its way.
    const tryFocus = (left: number) => {
      if (editor.current) editor.current.focus();
      if (!editor.current && left > 0) setTimeout(() => tryFocus(left - 1), 50);
      else useShell.getState().composeSettled();
    };
    tryFocus(40);
  }, []);
  useEffect(() => {
    if (!compose || compose.nonce === wish.current) return;
    wish.current = compose.nonce;
    setKind(compose.kind);
    focusSoon();
  }, [compose, focusSoon]);
  useEffect(() => {
    setComposerOpen(false);
    return () => setComposerOpen(false);
  }, [setComposerOpen]);

  const putIn = (words: string, files: Attachment[]) => {
    editor.current?.insert(words);
    if (files.length > 0) uploads.replace([...uploads.of(editor.current?.html() ?? html), ...files], editor.current?.html() ?? html);
    setWarning(null);
    autosave.changed();
  };
  const goNext = () => {
    const { ids } = useShell.getState().list;
    const next = neighbour(ids, id, 1) ?? neighbour(ids, id, -1);
    void navigate(pathOf({ view: place.view, id: phone ? null : next }));
  };

  const typed = useRef(0);
  const onChange = (next: string) => {
    setHtml(next);
    words.current = next;
    setWarning(null);
    if (began.current === null || html === '') began.current = lastMessageId;
    autosave.changed();
    if (Date.now() - typed.current > 4000) {
      typed.current = Date.now();
      sendPresence(id, true);
    }
  };
  const setRecipients = (which: 'to' | 'cc' | 'bcc') => (value: Mailbox[]) => {
    if (which === 'to') setTo(value);
    if (which === 'cc') {
      setCc(value);
      if (to === null) setTo(toNow);
    }
    if (which === 'bcc') setBcc(value);
    setWarning(null);
    autosave.changed();
  };
  const chooseKind = (next: ComposerKind) => {
    setKind(next);
    setWarning(null);
    if (html) autosave.changed();
    focusSoon();
  };

  const send = async (then: Status | null, sure = false, more: More = {}): Promise<void> => {
    if (sending) return;
    const content = editor.current?.html() ?? html;
    const files = uploads.of(content);
    const warn = (what: NonNullable<Warning>) => {
      again.current = () => void send(then, true, more);
      setWarning(what);
    };
    const missing = uploads.missing(editor.current?.pictures() ?? []);
    if (missing) return setWarning({ id: missing });
    if (!content && files.length === 0) return setWarning({ id: 'empty' });
    if (kind === 'reply') {
      if (toNow.length === 0 || [...toNow, ...ccNow, ...bcc].some((one) => !looksLikeAddress(one.address))) {
        setRows((now) => ({ ...now, to: true }));
        return setWarning({ id: 'recipients' });
      }
      if (!sure && forgotAttachment(content, files.length)) return warn({ id: 'attachment' });
      const open = findPlaceholders(plainText(content))[0];
      if (!sure && open) {
        editor.current?.nextPlaceholder();
        return warn({ id: 'placeholder', text: t('app.warn.placeholder', { words: open.words }) });
      }
      if (!sure && emptyGreeting(content)) return warn({ id: 'greeting' });
      if (!sure && internalWords(content)) return warn({ id: 'internal' });
      const typing = present.find((one) => one.state === 'typing' && Date.now() - one.at < 15_000);
      if (!sure && typing) return warn({ id: 'typing', text: t('app.warn.typing', { name: typing.name }) });
    }
    const written: Written = { kind, html: content, to: toNow, cc: ccNow, bcc, attachments: files };
    setSending(true);
    setWarning(null);
    await autosave.reset();

    const ifLast = began.current && !sure && !began.current.startsWith('temp_') ? began.current : null;
    const one = outgoing(id, written, then, kind === 'reply' ? ifLast : null, new Date(), { sendAt: more.at?.toISOString(), sure });
    client.setQueryData<TimelinePages>(keys.timeline(id), (data) => putTimelineItem(data, { type: 'message', message: standInOf(one, me) }));
    editor.current?.setHtml('');
    setHtml('');
    uploads.replace([], '');
    setTo(null);
    setCc(null);
    setBcc([]);
    setRows({ to: false, cc: false, bcc: false });
    setComposerOpen(false);
    sendPresence(id, false);
    typed.current = 0;
    if (then) actions.shown(conversation, then);
    if (more.next) goNext();

    try {
      const started = Date.now();
      const message = await sendOutgoing(one, (sent) => findSent(sent, me.id));
      if (!message) return void toast(t('app.outbox.kept'));
      began.current = message.id;
      client.setQueryData<TimelinePages>(keys.timeline(id), (data) => settleMessage(data, one.id, message));
      // A reply takes its draft with it; a note only when the draft was saved as one.
      if (written.kind === 'note') void del(`/conversations/${id}/draft`).catch(() => undefined);
      if (written.kind === 'reply') {
        const left = undoLeft(message, started, Date.now());
        const said = more.at
          ? t('app.done.scheduled', { when: format.coming(more.at) })
          : then?.kind === 'snoozed' && then.until
            ? t('app.done.sent_snoozed', { when: format.coming(then.until) })
            : then?.kind === 'resolved'
              ? t('app.done.sent_resolved')
              : t('app.done.sent');
        toast(said, {
          ...(more.at || left > 0
            ? {
                ms: more.at ? 8000 : left,
                undoLabel: t('app.undo'),
                undo: () => {
                  if (then) void actions.setStatus(conversation, conversation.status, true);
                  void undoSend(client, message).then(
                    () => void navigate(`/inbox/${place.view}/${id}`),
                    (error: unknown) => toast(problemText(t, error)),
                  );
                },
              }
            : {}),
        });
      } else if (then) toast(t('app.done.resolved'));
    } catch (error) {
      client.setQueryData<TimelinePages>(keys.timeline(id), (data) => settleMessage(data, one.id, null));
      if (then) takeConversation(client, { ...conversation, version: conversation.version + 1 });
      // The words come back to where they were written, and to the server, should this page be gone by now.
      editor.current?.setHtml(written.html);
      setHtml(written.html);
      setKind(written.kind);
      setTo(written.to);
      setCc(written.cc);
      setBcc(written.bcc);
      uploads.replace(written.attachments, written.html);
      const form = {
        kind: written.kind,
        html: written.html,
        to: written.to,
        cc: written.cc,
        bcc: written.bcc,
        attachment_ids: written.attachments.map((one) => one.id),
      };
      void put<Draft>(`/conversations/${id}/draft`, { ...form, version: null })
        .then((saved) => {
          autosave.adopt(saved);
          client.setQueryData(keys.draft(id), saved);
        })
        .catch(() => undefined);
      if (error instanceof Problem && error.code === 'newer_message') {
        again.current = () => void send(then, true, more);
        if (Array.isArray(error.current)) setCollision({ newer: error.current as Message[], then });
        else setWarning({ id: 'newer' });
      } else {
        setWarning({ id: 'failed', text: problemText(t, error) });
        toast(problemText(t, error));
      }
    } finally {
      setSending(false);
    }
  };

  const later = useTimeGroups(
    (at) => void send(null, false, { at }),
    () => setTiming('later'),
  );
  const open = composerOpen ? 'yes' : 'no';
  const isNote = kind === 'note';
  const empty = html === '' && !uploads.items.some((one) => !one.inline);
  const showTo = rows.to || toNow.length === 0;
  const also = (key: 'cc' | 'bcc') =>
    rows[key] ? null : (
      <Button kind="link" size="s" onPress={() => setRows((now) => ({ ...now, [key]: true }))}>
        {t(`app.composer.${key}`)}
      </Button>
    );
  const sendButton = isNote ? (
    <Button kind="note" keys={phone ? undefined : 'Mod+Enter'} isDisabled={empty} onPress={() => void send(null)}>
      {t('app.composer.add_note')}
    </Button>
  ) : (
    <span className="split">
      <Button kind="primary" keys={phone ? undefined : 'Mod+Enter'} isDisabled={empty} onPress={() => void send(null)}>
        {t('app.composer.send')}
      </Button>
      <Menu
        label={t('app.composer.more')}
        placement="top end"
        groups={[
          {
            id: 'send',
            items: [
              { id: 'resolve', label: t('app.composer.send_resolve'), icon: 'check', keys: 'Mod+Shift+Enter', onAction: () => void send({ kind: 'resolved' }) },
              { id: 'pending', label: t('app.composer.send_pending'), icon: 'clock', onAction: () => void send({ kind: 'pending' }) },
              { id: 'snooze', label: t('app.composer.send_snooze'), icon: 'snooze', onAction: () => setTiming('snooze') },
              { id: 'next', label: t('app.composer.send_next'), icon: 'down', onAction: () => void send(null, false, { next: true }) },
            ],
          },
          ...later,
        ]}
      >
        <Button kind="primary" icon="down" aria-label={t('app.composer.more')} isDisabled={empty} />
      </Menu>
    </span>
  );

  const seen = () => {
    began.current = collision?.newer.at(-1)?.id ?? began.current;
    setCollision(null);
  };
  return (
    <div className="comp-wrap" data-open={open}>
      {isNote ? <MentionMenu /> : null}
      {collision ? (
        <Collision
          newer={collision.newer}
          mine={html}
          onSend={() => {
            const { then } = collision;
            setCollision(null);
            void send(then, true);
          }}
          onKeep={() => {
            setCollision(null);
            toast(t('work.collision.kept'));
          }}
          onView={() => {
            const last = collision.newer.at(-1);
            seen();
            setComposerOpen(false);
            requestAnimationFrame(() => document.getElementById(last?.id ?? '')?.scrollIntoView({ block: 'center' }));
          }}
        />
      ) : null}
      <div className="comp-phone">
        <span className="grow" style={{ display: 'grid' }}>
          <Button kind="primary" icon="reply" onPress={() => useShell.getState().askCompose('reply')}>
            {t('app.composer.reply')}
          </Button>
        </span>
        <Button kind="note" icon="lock" onPress={() => useShell.getState().askCompose('note')}>
          {t('app.composer.note_short')}
        </Button>
        {conversation.status.kind === 'resolved' ? null : (
          <Button icon="check" onPress={() => actions.resolve(conversation)}>
            {t('app.command.resolve')}
          </Button>
        )}
      </div>
      <section
        className="comp"
        data-kind={kind}
        data-drop={drop || undefined}
        aria-label={isNote ? t('app.composer.note') : t('app.composer.reply')}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return;
          event.preventDefault();
          setDrop(true);
        }}
        onDragLeave={() => setDrop(false)}
        onDrop={(event) => {
          setDrop(false);
          // What fell into the text is taken already.
          if (event.dataTransfer.files.length === 0 || event.isDefaultPrevented()) return;
          event.preventDefault();
          uploads.add([...event.dataTransfer.files]);
        }}
      >
        <div className="comp-hd">
          {phone ? <IconButton icon="x" label={t('app.close')} tip={false} onPress={() => setComposerOpen(false)} /> : null}
          <Segmented
            label={t('app.composer.mode')}
            value={kind}
            onChange={chooseKind}
            items={[
              { id: 'reply', label: t('app.composer.reply'), icon: 'reply' },
              { id: 'note', label: phone ? t('app.composer.note_short') : t('app.composer.note'), icon: 'lock' },
            ]}
          />
          <span className="grow" />
          <Here conversation={id} />
          {phone ? sendButton : null}
        </div>
        <div className="comp-to">
          {isNote ? (
            <span>{t('app.composer.note_hint')}</span>
          ) : (
            <>
              {showTo || toNow.length > 0 ? (
                <Recipients
                  label={t('app.composer.to')}
                  value={toNow}
                  onChange={setRecipients('to')}
                  after={
                    <>
                      {also('cc')}
                      {also('bcc')}
                    </>
                  }
                />
              ) : null}
              {rows.cc || ccNow.length > 0 ? (
                <Recipients label={t('app.composer.cc')} value={ccNow} onChange={setRecipients('cc')} autoFocus={rows.cc && ccNow.length === 0} />
              ) : null}
              {rows.bcc ? <Recipients label={t('app.composer.bcc')} value={bcc} onChange={setRecipients('bcc')} autoFocus={bcc.length === 0} /> : null}
            </>
          )}
        </div>
        <div className="comp-body">
          <Suspense fallback={<div className="ed" />}>
            <Editor
              ref={editor}
              label={isNote ? t('app.composer.note') : t('app.composer.reply')}
              placeholder={isNote ? t('app.composer.note_placeholder') : t('app.composer.placeholder')}
              initial={html}
              onChange={onChange}
              onSubmit={(andResolve) => void send(andResolve && !isNote ? { kind: 'resolved' } : null)}
              onEscape={() => (phone ? setComposerOpen(false) : document.getElementById('main')?.focus())}
              onFiles={uploads.add}
              onSlash={() => setPicking(true)}
              onPictures={uploads.addInline}
              onRetry={uploads.retry}
              mentionable={() => offered.current}
            />
          </Suspense>
          <UploadList items={uploads.items} onRemove={uploads.remove} onRetry={uploads.retry} />
        </div>
        <div aria-live="polite">{warning ? <WarningLine warning={warning} onSure={() => again.current()} onDismiss={() => setWarning(null)} /> : null}</div>
        <div className="comp-ft">
          <IconButton icon="bold" label={t('app.composer.bold')} keys="Mod+b" iconSize={16} onPress={() => editor.current?.bold()} />
          <IconButton icon="list" label={t('app.composer.list')} iconSize={16} onPress={() => editor.current?.list()} />
          <LinkButton editor={editor} />
          <IconButton icon="quote" label={t('app.composer.quote')} iconSize={16} onPress={() => editor.current?.quote()} />
          <span className="sep" />
          <IconButton icon="slash" label={t('app.composer.library')} keys="/" iconSize={16} onPress={() => setPicking(true)} />
          <IconButton icon="clip" label={t('app.composer.attach')} iconSize={16} onPress={() => files.current?.click()} />
          <input
            ref={files}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              uploads.add([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
          <span className="saved" role="status">
            {autosave.state === 'saved'
              ? t('app.composer.saved')
              : autosave.state === 'saving'
                ? t('app.composer.saving')
                : autosave.state === 'kept'
                  ? t('app.composer.kept')
                  : autosave.state === 'failed'
                    ? t('app.composer.save_failed')
                    : null}
          </span>
          {phone ? null : sendButton}
        </div>
      </section>
      {picking ? (
        <Suspense>
          <LibraryPicker
            conversation={conversation}
            onInsert={putIn}
            onClose={(chosen) => {
              setPicking(false);
              if (!chosen) focusSoon();
            }}
          />
        </Suspense>
      ) : null}
      <TimeDialog
        title={timing === 'snooze' ? t('app.snooze.title') : t('app.later.title')}
        action={timing === 'snooze' ? t('app.composer.send_snooze') : t('app.later.action')}
        presets={timing === 'snooze'}
        isOpen={timing !== null}
        onClose={() => setTiming(null)}
        onPick={(at) => {
          setTiming(null);
          if (timing === 'snooze') void send({ kind: 'snoozed', until: at.toISOString() });
          else void send(null, false, { at });
        }}
      />
    </div>
  );
}

function WarningLine({ warning, onSure, onDismiss }: { warning: NonNullable<Warning>; onSure: () => void; onDismiss: () => void }): ReactNode {
  const { t } = useTranslation();
  const asks = ASKS.includes(warning.id);
  return (
    <div className="comp-warn">
      <Icon name="alert" />
      <span>{warning.text ?? t(`app.warn.${warning.id}`)}</span>
      <Button size="s" kind="quiet" onPress={onDismiss}>
        {asks ? t('app.warn.back') : t('app.close')}
      </Button>
      {asks ? (
        <Button size="s" onPress={onSure}>
          {t('app.warn.sure')}
        </Button>
      ) : null}
    </div>
  );
}

function LinkButton({ editor }: { editor: React.RefObject<EditorHandle | null> }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [href, setHref] = useState('');
  const apply = () => {
    const wanted = href.trim();
    editor.current?.link(wanted ? (/^[a-z][a-z0-9+.-]*:/i.test(wanted) ? wanted : `https://${wanted}`) : null);
    setOpen(false);
  };
  return (
    <DialogTrigger
      isOpen={open}
      onOpenChange={(next) => {
        if (next) setHref(editor.current?.linkNow() ?? '');
        setOpen(next);
      }}
    >
      <RawButton className="ib" aria-label={t('app.composer.link')}>
        <Icon name="link" />
      </RawButton>
      <Popover className="pop" placement="top start" offset={4}>
        <Dialog aria-label={t('app.composer.link')}>
          <form
            className="link-form"
            onSubmit={(event) => {
              event.preventDefault();
              apply();
            }}
          >
            <input
              className="input"
              aria-label={t('app.composer.link')}
              placeholder="https://"
              autoFocus
              value={href}
              onChange={(event) => setHref(event.target.value)}
              inputMode="url"
            />
            <Button type="submit">{t('app.ok')}</Button>
          </form>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** Who else is looking at this conversation. */
function Here({ conversation }: { conversation: string }) {
  const { t } = useTranslation();
  const present = useShell((s) => s.presence[conversation] ?? NOBODY);
  const now = useFormat().now.getTime();
  const fresh = present.filter((one) => now - one.at < 60_000);
  const first = fresh[0];
  if (!first) return null;
  const typing = fresh.find((one) => one.state === 'typing');
  return (
    <span className="here" role="status">
      <Avatar name={first.name} seed={first.id} size={20} />
      <span className="t1">{typing ? t('app.composer.typing', { name: typing.name }) : t('app.composer.here', { name: first.name, count: fresh.length })}</span>
    </span>
  );
}
