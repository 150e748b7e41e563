import {
  type Attachment,
  type ConversationDetail,
  type Draft,
  del,
  type Mailbox,
  type Message,
  type NoteForm,
  Problem,
  post,
  put,
  type ReplyForm,
  type Status,
} from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Avatar, Button, Icon, IconButton, Menu, Progress, Segmented, toast } from '@ui';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { Dialog, DialogTrigger, Popover, Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '../i18n/use-format';
import { useMay, useMe } from '../session/queries';
import { usePlace } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { type ComposerKind, type Present, useShell } from '../shell/state';
import { usePhone } from '../shell/use-media';
import { Collision } from '../work/collision';
import type { Mentionable } from '../work/mention';
import { MentionMenu } from '../work/mention-menu';
import { useMentionable } from '../work/use-mentionable';
import { keys, putTimelineItem, settleMessage, type TimelinePages, takeConversation } from './cache';
import { emptyGreeting, forgotAttachment } from './checks';
import { useAutosave, useDraft, useUploads } from './draft';
import type { EditorHandle } from './editor';
import { looksLikeAddress } from './mailbox';
import { sendPresence } from './queries';
import { Recipients } from './recipients';
import { undoSend } from './undo-send';
import { useActions } from './use-actions';

const Editor = lazy(() => import('./editor'));

/** Where one answers. Waits for the draft, so that nothing is written over. */
export function Composer({ conversation, lastMessageId }: { conversation: ConversationDetail; lastMessageId: string | null }) {
  const draft = useDraft(conversation.id);
  const may = useMay('conversation.reply');
  if (!may) return null;
  if (draft.isPending)
    return (
      <div className="comp-wrap" data-open="no">
        <div className="comp" style={{ height: 168 }} />
      </div>
    );
  return <Writer key={conversation.id} conversation={conversation} draft={draft.data ?? null} lastMessageId={lastMessageId} />;
}

type Warning = { id: 'attachment' | 'greeting' | 'newer' | 'recipients' | 'empty' | 'uploading' | 'failed'; text?: string } | null;
interface Written {
  kind: ComposerKind;
  html: string;
  to: Mailbox[];
  cc: Mailbox[];
  bcc: Mailbox[];
  attachments: Attachment[];
}
const NOBODY: Present[] = [];
/** A draft is kept without addresses that are still half written. */
const whole = (list: Mailbox[]): Mailbox[] => list.filter((one) => looksLikeAddress(one.address));

function Writer({ conversation, draft, lastMessageId }: { conversation: ConversationDetail; draft: Draft | null; lastMessageId: string | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const phone = usePhone();
  const place = usePlace();
  const me = useMe().agent;
  const actions = useActions();
  const id = conversation.id;

  const [kind, setKind] = useState<ComposerKind>(draft?.kind ?? 'reply');
  const [html, setHtml] = useState(draft?.html ?? '');
  const [to, setTo] = useState<Mailbox[] | null>(draft?.to.length ? draft.to : null);
  const [cc, setCc] = useState<Mailbox[] | null>(draft?.to.length ? draft.cc : null);
  const [bcc, setBcc] = useState<Mailbox[]>(draft?.bcc ?? []);
  const [warning, setWarning] = useState<Warning>(null);
  const [drop, setDrop] = useState(false);
  const [rows, setRows] = useState({ to: false, cc: (draft?.cc.length ?? 0) > 0, bcc: (draft?.bcc.length ?? 0) > 0 });
  const [sending, setSending] = useState(false);
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
  const uploads = useUploads(draft?.attachments ?? [], () => changedRef.current(), failed);
  const attachments = () => uploads.now.current.flatMap((one) => (one.attachment ? [one.attachment] : []));
  const autosave = useAutosave(
    id,
    () => ({ kind, html: words.current, to: whole(toNow), cc: whole(ccNow), bcc: whole(bcc), attachment_ids: attachments().map((one) => one.id) }),
    draft,
  );
  changedRef.current = autosave.changed;

  // Another of my devices wrote on, or an undo brought the words back.
  useEffect(() => {
    if (!draft || sending || !autosave.adopt(draft)) return;
    setKind(draft.kind);
    setHtml(draft.html);
    editor.current?.setHtml(draft.html);
    if (draft.to.length > 0) {
      setTo(draft.to);
      setCc(draft.cc);
    }
    setBcc(draft.bcc);
    uploads.replace(draft.attachments);
  }, [draft, sending, autosave, uploads]);

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

  const typed = useRef(0);
  const onChange = (next: string) => {
    setHtml(next);
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

  const send = async (then: Status | null, sure = false): Promise<void> => {
    if (sending) return;
    const content = editor.current?.html() ?? html;
    const files = attachments();
    if (uploads.now.current.some((one) => !one.attachment && !one.failed)) return setWarning({ id: 'uploading' });
    if (!content && files.length === 0) return setWarning({ id: 'empty' });
    if (kind === 'reply') {
      if (toNow.length === 0 || [...toNow, ...ccNow, ...bcc].some((one) => !looksLikeAddress(one.address))) {
        setRows((now) => ({ ...now, to: true }));
        return setWarning({ id: 'recipients' });
      }
      if (!sure && forgotAttachment(content, files.length)) return setWarning({ id: 'attachment' });
      if (!sure && emptyGreeting(content)) return setWarning({ id: 'greeting' });
    }
    const written: Written = { kind, html: content, to: toNow, cc: ccNow, bcc, attachments: files };
    setSending(true);
    setWarning(null);
    await autosave.reset();

    const standIn = `temp_${crypto.randomUUID()}`;
    client.setQueryData<TimelinePages>(keys.timeline(id), (data) => putTimelineItem(data, { type: 'message', message: standInOf(standIn, id, written, me) }));
    editor.current?.setHtml('');
    setHtml('');
    uploads.replace([]);
    setTo(null);
    setCc(null);
    setBcc([]);
    setRows({ to: false, cc: false, bcc: false });
    setComposerOpen(false);
    sendPresence(id, false);
    typed.current = 0;
    if (then) actions.shown(conversation, then);

    try {
      const shared = { html: written.html, attachment_ids: files.map((one) => one.id) };
      const message =
        written.kind === 'note'
          ? await post<Message>(`/conversations/${id}/notes`, shared satisfies NoteForm)
          : await post<Message>(`/conversations/${id}/replies`, {
              ...shared,
              to: written.to,
              cc: written.cc,
              bcc: written.bcc,
              ...(then ? { then } : {}),
              ...(began.current && !sure && !began.current.startsWith('temp_') ? { if_last_message_id: began.current } : {}),
            } satisfies ReplyForm);
      began.current = message.id;
      client.setQueryData<TimelinePages>(keys.timeline(id), (data) => settleMessage(data, standIn, message));
      // A reply takes its draft with it; a note only when the draft was saved as one.
      if (written.kind === 'note') void del(`/conversations/${id}/draft`).catch(() => undefined);
      if (written.kind === 'reply') {
        const seconds = message.delivery?.undo_until ? Math.max(1, (new Date(message.delivery.undo_until).getTime() - Date.now()) / 1000) : 0;
        toast(then ? t('app.done.sent_resolved') : t('app.done.sent'), {
          ms: Math.max(4000, seconds * 1000),
          ...(seconds > 0
            ? {
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
      client.setQueryData<TimelinePages>(keys.timeline(id), (data) => settleMessage(data, standIn, null));
      if (then) takeConversation(client, { ...conversation, version: conversation.version + 1 });
      // The words come back to where they were written, and to the server, should this page be gone by now.
      editor.current?.setHtml(written.html);
      setHtml(written.html);
      setKind(written.kind);
      setTo(written.to);
      setCc(written.cc);
      setBcc(written.bcc);
      uploads.replace(written.attachments);
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
      if (error instanceof Problem && error.code === 'newer_message')
        if (Array.isArray(error.current)) setCollision({ newer: error.current as Message[], then });
        else setWarning({ id: 'newer' });
      else {
        setWarning({ id: 'failed', text: problemText(t, error) });
        toast(problemText(t, error));
      }
    } finally {
      setSending(false);
    }
  };

  const open = composerOpen ? 'yes' : 'no';
  const isNote = kind === 'note';
  const empty = html === '' && uploads.items.length === 0;
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
            ],
          },
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
          if (event.dataTransfer.files.length === 0) return;
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
              mentionable={() => offered.current}
            />
          </Suspense>
          {uploads.items.length > 0 ? <Uploads items={uploads.items} onRemove={uploads.remove} /> : null}
        </div>
        <div aria-live="polite">
          {warning ? <WarningLine warning={warning} onSure={() => void send(null, true)} onDismiss={() => setWarning(null)} /> : null}
        </div>
        <div className="comp-ft">
          <IconButton icon="bold" label={t('app.composer.bold')} keys="Mod+b" iconSize={16} onPress={() => editor.current?.bold()} />
          <IconButton icon="list" label={t('app.composer.list')} iconSize={16} onPress={() => editor.current?.list()} />
          <LinkButton editor={editor} />
          <IconButton icon="quote" label={t('app.composer.quote')} iconSize={16} onPress={() => editor.current?.quote()} />
          <span className="sep" />
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
                : autosave.state === 'failed'
                  ? t('app.composer.save_failed')
                  : null}
          </span>
          {phone ? null : sendButton}
        </div>
      </section>
    </div>
  );
}

/** What the thread shows until the server has answered. */
function standInOf(id: string, conversation: string, written: Written, me: { id: string; name: string; email: string }): Message {
  return {
    id,
    conversation_id: conversation,
    kind: written.kind,
    author: { kind: 'agent', id: me.id, name: me.name, email: me.email },
    subject: null,
    text: '',
    html: written.html,
    reply_html: written.html,
    reply_text: '',
    has_quote: false,
    from: null,
    to: written.to,
    cc: written.cc,
    bcc: written.bcc,
    attachments: written.attachments,
    created_at: new Date().toISOString(),
    sent_at: null,
    delivery: null,
    authentication: null,
    forwarded_by: null,
    held: false,
  };
}

function WarningLine({ warning, onSure, onDismiss }: { warning: NonNullable<Warning>; onSure: () => void; onDismiss: () => void }): ReactNode {
  const { t } = useTranslation();
  const asks = warning.id === 'attachment' || warning.id === 'greeting' || warning.id === 'newer';
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

function Uploads({ items, onRemove }: { items: ReturnType<typeof useUploads>['items']; onRemove: (key: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className="comp-files" aria-label={t('app.composer.attachments')}>
      {items.map((one) => (
        <li className="upl" key={one.key} data-failed={one.failed || undefined}>
          <Icon name={one.failed ? 'alert' : 'file'} />
          <span className="t1" title={one.name}>
            {one.name} <span className="faint">{one.failed ? t('app.composer.upload_failed') : format.size(one.size)}</span>
          </span>
          <IconButton icon="x" size="s" tip={false} label={t('app.composer.remove', { name: one.name })} onPress={() => onRemove(one.key)} />
          {one.attachment || one.failed ? null : <Progress value={one.progress} label={one.name} />}
        </li>
      ))}
    </ul>
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
