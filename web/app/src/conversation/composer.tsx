import type { Attachment, ConversationDetail, Draft } from '@api';
import { Button, IconButton, Menu, Segmented, toast } from '@ui';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { EmojiButton } from '../emoji/button';
import { needArea } from '../i18n';
import { useMay } from '../session/queries';
import { pathOf, usePlace } from '../shell/place';
import { type ComposerKind, useShell } from '../shell/state';
import { usePhone } from '../shell/use-media';
import { Collision } from '../work/collision';
import type { Mentionable } from '../work/mention';
import { MentionMenu } from '../work/mention-menu';
import { useMentionable } from '../work/use-mentionable';
import { ComposerWarning } from './composer-warning';
import { useDraft } from './draft';
import { Here } from './here';
import { LinkButton } from './link-button';
import { sendPresence } from './queries';
import { Recipients } from './recipients';
import { useTimeGroups } from './send-later';
import { UploadList } from './upload-list';
import { useActions } from './use-actions';
import type { Sent } from './use-outbox';
import { isLiveChat, useSend } from './use-send';
import { useWriting } from './use-writing';
import { neighbour } from './views';

const Editor = lazy(() => import('./editor'));
const InteractiveButton = lazy(() => Promise.all([import('../chat/interactive/button'), needArea('chat')]).then(([button]) => button));
const TimeChoice = lazy(() => import('../snooze/dialog'));
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

function Writer({ conversation, draft, lastMessageId }: { conversation: ConversationDetail; draft: Draft | null; lastMessageId: string | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const phone = usePhone();
  const place = usePlace();
  const actions = useActions();
  const id = conversation.id;
  const [sending, setSending] = useState(false);
  const writing = useWriting(conversation, draft, sending);
  const { kind, html, rows, editor, uploads, autosave } = writing;
  const began = useRef<string | null>(lastMessageId);
  const goNext = () => {
    const { ids } = useShell.getState().list;
    const next = neighbour(ids, id, 1) ?? neighbour(ids, id, -1);
    void navigate(pathOf({ view: place.view, id: phone ? null : next }));
  };
  const { send, warning, setWarning, again, collision, setCollision } = useSend({ conversation, writing, began, sending, setSending, goNext });
  const [drop, setDrop] = useState(false);
  const [picking, setPicking] = useState(false);
  const [timing, setTiming] = useState<'snooze' | 'later' | null>(null);
  const files = useRef<HTMLInputElement>(null);
  const mentionable = useMentionable(conversation);
  const offered = useRef<readonly Mentionable[] | null>(null);
  offered.current = kind === 'note' ? mentionable : null;

  const library = useShell((s) => s.libraryWish);
  const asked = useRef(library);
  useEffect(() => {
    if (library === asked.current) return;
    asked.current = library;
    setPicking(true);
  }, [library]);

  // A message of ours that waited has gone out: it is not the newer one to be warned of.
  useEffect(() => {
    const sent = (event: Event) => {
      const { one, message } = (event as CustomEvent<Sent>).detail;
      if (one.conversation === id && began.current === one.ifLast) began.current = message.id;
    };
    addEventListener('sonnim:sent', sent);
    return () => removeEventListener('sonnim:sent', sent);
  }, [id]);

  const compose = useShell((s) => s.compose);
  const composerOpen = useShell((s) => s.composerOpen);
  const { setComposerOpen } = useShell.getState();
  const wish = useRef(compose?.nonce ?? 0);
  const { setKind } = writing;
  const focusSoon = useCallback(() => {
    // The editor may still be on its way.
    const tryFocus = (left: number) => {
      if (editor.current) editor.current.focus();
      if (!editor.current && left > 0) setTimeout(() => tryFocus(left - 1), 50);
      else useShell.getState().composeSettled();
    };
    tryFocus(40);
  }, [editor]);
  useEffect(() => {
    if (!compose || compose.nonce === wish.current) return;
    wish.current = compose.nonce;
    setKind(compose.kind);
    focusSoon();
  }, [compose, focusSoon, setKind]);
  useEffect(() => {
    setComposerOpen(false);
    return () => setComposerOpen(false);
  }, [setComposerOpen]);

  const putIn = (words: string, files: Attachment[]) => {
    editor.current?.insert(words);
    uploads.join(files, words);
    setWarning(null);
    autosave.changed();
  };
  const typed = useRef(0);
  const onChange = (next: string) => {
    writing.wrote(next);
    setWarning(null);
    if (began.current === null || html === '') began.current = lastMessageId;
    if (html === '') typed.current = 0;
    if (Date.now() - typed.current > 4000) {
      typed.current = Date.now();
      sendPresence(id, true, kind === 'note');
    }
  };
  const setRecipients = (which: 'to' | 'cc' | 'bcc') => {
    const set = writing.setRecipients(which);
    return (value: Parameters<typeof set>[0]) => {
      setWarning(null);
      set(value);
    };
  };
  const chooseKind = (next: ComposerKind) => {
    setKind(next);
    setWarning(null);
    if (html) autosave.changed();
    focusSoon();
  };

  const later = useTimeGroups(
    (at) => void send(null, false, { at }),
    () => setTiming('later'),
  );
  const open = composerOpen ? 'yes' : 'no';
  const isNote = kind === 'note';
  const inChat = isLiveChat(conversation);
  const empty = html === '' && !uploads.items.some((one) => !one.inline);
  const showTo = rows.to || writing.to.length === 0;
  const also = (key: 'cc' | 'bcc') =>
    rows[key] ? null : (
      <Button kind="link" size="s" onPress={() => writing.setRows((now) => ({ ...now, [key]: true }))}>
        {t(`app.composer.${key}`)}
      </Button>
    );
  const sendButton = isNote ? (
    <Button kind="note" keys={phone ? undefined : 'Mod+Enter'} isDisabled={empty} onPress={() => void send(null)}>
      {t('app.composer.add_note')}
    </Button>
  ) : (
    <span className="split">
      <Button kind="primary" keys={phone ? undefined : inChat ? 'Enter' : 'Mod+Enter'} isDisabled={empty} onPress={() => void send(null)}>
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
        {inChat && !isNote ? null : (
          <div className="comp-to">
            {isNote ? (
              <span>{t('app.composer.note_hint')}</span>
            ) : (
              <>
                {showTo || writing.to.length > 0 ? (
                  <Recipients
                    label={t('app.composer.to')}
                    value={writing.to}
                    onChange={setRecipients('to')}
                    after={
                      <>
                        {also('cc')}
                        {also('bcc')}
                      </>
                    }
                  />
                ) : null}
                {rows.cc || writing.cc.length > 0 ? (
                  <Recipients label={t('app.composer.cc')} value={writing.cc} onChange={setRecipients('cc')} autoFocus={rows.cc && writing.cc.length === 0} />
                ) : null}
                {rows.bcc ? (
                  <Recipients label={t('app.composer.bcc')} value={writing.bcc} onChange={setRecipients('bcc')} autoFocus={writing.bcc.length === 0} />
                ) : null}
              </>
            )}
          </div>
        )}
        <div className="comp-body">
          <Suspense fallback={<div className="ed" />}>
            <Editor
              ref={editor}
              label={isNote ? t('app.composer.note') : t('app.composer.reply')}
              placeholder={isNote ? t('app.composer.note_placeholder') : t('app.composer.placeholder')}
              initial={html}
              onChange={onChange}
              enterSends={inChat && !isNote && !phone}
              onSubmit={(andResolve) => void send(andResolve && !isNote ? { kind: 'resolved' } : null)}
              onEscape={() => (phone ? setComposerOpen(false) : document.getElementById('main')?.focus())}
              onFiles={uploads.add}
              onSlash={() => setPicking(true)}
              onPictures={uploads.addInline}
              onRetry={uploads.retry}
              onReady={writing.onReady}
              mentionable={() => offered.current}
            />
          </Suspense>
          <UploadList items={uploads.items} onRemove={uploads.remove} onRetry={uploads.retry} />
        </div>
        <div aria-live="polite">{warning ? <ComposerWarning warning={warning} onSure={() => again.current()} onDismiss={() => setWarning(null)} /> : null}</div>
        <div className="comp-ft">
          <IconButton icon="bold" label={t('app.composer.bold')} keys="Mod+b" iconSize={16} onPress={() => editor.current?.bold()} />
          <IconButton icon="list" label={t('app.composer.list')} iconSize={16} onPress={() => editor.current?.list()} />
          <LinkButton editor={editor} />
          <IconButton icon="quote" label={t('app.composer.quote')} iconSize={16} onPress={() => editor.current?.quote()} />
          <span className="sep" />
          <IconButton icon="slash" label={t('app.composer.library')} keys="/" iconSize={16} onPress={() => setPicking(true)} />
          <EmojiButton onPick={(emoji) => editor.current?.type(emoji)} />
          <IconButton icon="clip" label={t('app.composer.attach')} iconSize={16} onPress={() => files.current?.click()} />
          {inChat && !isNote ? (
            <Suspense>
              <InteractiveButton conversation={id} name={conversation.customer.name} />
            </Suspense>
          ) : null}
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
      {timing ? (
        <Suspense>
          <TimeChoice
            title={timing === 'snooze' ? t('app.composer.send_snooze') : t('app.later.title')}
            label={timing === 'snooze' ? undefined : t('app.later.field')}
            icon={timing === 'snooze' ? 'snooze' : 'clock'}
            action={timing === 'snooze' ? t('app.composer.send_snooze') : t('app.later.action')}
            answer={timing === 'snooze'}
            onClose={() => setTiming(null)}
            onPick={(until) => {
              setTiming(null);
              if (timing === 'snooze') void send({ kind: 'snoozed', until: until?.toISOString() ?? null });
              else if (until) void send(null, false, { at: until });
            }}
          />
        </Suspense>
      ) : null}
    </div>
  );
}
