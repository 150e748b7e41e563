import './library.css';
import type { Attachment, ConversationDetail } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Icon, toast } from '@ui';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { Autocomplete, Dialog, Header, Input, ListBox, ListBoxItem, ListBoxSection, Modal, ModalOverlay, TextField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { keys, takeConversation } from '../conversation/cache';
import { PaletteFoot } from '../shell/palette-foot';
import { problemText } from '../shell/problem-text';
import { usePhone } from '../shell/use-media';
import { Changes, Holes } from './changes';
import { applyMacro, insertReply, undoMacro, useFolders, useMacroPreview, useMacros, useReplyPreview, useSavedReplies } from './queries';
import { type Offer, rankOffers } from './rank';

export interface PickerProps {
  conversation: ConversationDetail;
  onInsert: (html: string, attachments: Attachment[]) => void;
  onClose: (chosen: boolean) => void;
}

/** Saved replies and macros by a few letters, with how they would read here. */
export default function LibraryPicker({ conversation, onInsert, onClose }: PickerProps) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const phone = usePhone();
  const replies = useSavedReplies().data;
  const macros = useMacros().data;
  const folders = useFolders().data;
  const [text, setText] = useState('');
  const [focused, setFocused] = useState<string | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const key = useRef(crypto.randomUUID());
  const wanted = useDeferredValue(text);
  const language = conversation.language ?? i18n.language;

  const offers = useMemo(() => {
    const folderOf = (id: string | null) => folders?.find((one) => one.id === id)?.name ?? null;
    const all: Offer[] = [];
    for (const one of replies ?? []) {
      const words = (one.previews.find((text) => text.language === language) ?? one.previews[0])?.preview ?? '';
      all.push({ id: one.id, kind: 'reply', name: one.name, folder: folderOf(one.folder_id), words, used: one.used });
    }
    for (const one of macros ?? []) all.push({ id: one.id, kind: 'macro', name: one.name, folder: folderOf(one.folder_id), words: '', used: one.used });
    return rankOffers(all, wanted).slice(0, 60);
  }, [replies, macros, folders, wanted, language]);
  const shown = asked ?? (offers.some((one) => one.id === focused) ? focused : (offers[0]?.id ?? null));
  const offer = offers.find((one) => one.id === shown) ?? null;

  const failed = (error: unknown) => {
    setBusy(false);
    toast(problemText(t, error));
  };
  const insert = (id: string) => {
    setBusy(true);
    insertReply(id, conversation.id)
      .then((filled) => {
        onInsert(filled.html, filled.attachments);
        onClose(true);
        void client.invalidateQueries({ queryKey: ['saved-replies', 'list'] });
      })
      .catch(failed);
  };
  const run = (id: string) => {
    setBusy(true);
    applyMacro(id, conversation.id, key.current)
      .then((done) => {
        if (done.conversation) takeConversation(client, done.conversation);
        if (done.inserted) onInsert(done.inserted.html, done.inserted.attachments);
        void client.invalidateQueries({ queryKey: keys.timeline(conversation.id) });
        void client.invalidateQueries({ queryKey: ['macros'] });
        toast(t('library.done', { name: macros?.find((one) => one.id === id)?.name }), {
          ms: 10_000,
          undoLabel: t('app.undo'),
          undo: () =>
            void undoMacro(done.id).then((undone) => {
              if (undone.conversation) takeConversation(client, undone.conversation);
              if (undone.draft) client.setQueryData(keys.draft(conversation.id), undone.draft);
              void client.invalidateQueries({ queryKey: keys.timeline(conversation.id) });
              if (undone.kept.length > 0) toast(t('library.kept', { what: undone.kept.map((one) => t(`library.what.${one.what}`)).join(', ') }));
            }, failed),
        });
        onClose(true);
      })
      .catch(failed);
  };
  const choose = (id: string) => {
    if (busy) return;
    const found = offers.find((one) => one.id === id);
    if (found?.kind === 'reply') insert(id);
    if (found?.kind === 'macro') setAsked(id);
  };
  // The group with the best hit stands first, so that Enter takes it.
  const groups = [...new Set(offers.map((one) => one.kind))].map((kind) => ({ kind, items: offers.filter((one) => one.kind === kind) }));

  return (
    <ModalOverlay className="scrim" data-place="top" isOpen onOpenChange={(open) => !open && onClose(false)} isDismissable>
      <Modal className="pal lib-pal" data-asked={asked ? 'yes' : undefined}>
        <Dialog aria-label={t('library.pick')}>
          {asked && offer ? (
            <div className="lib-ask">
              <h2>{offer.name}</h2>
              <Foreseen offer={offer} conversation={conversation.id} />
              <div className="acts">
                <Button onPress={() => setAsked(null)}>{t('library.back')}</Button>
                <RunButton id={offer.id} conversation={conversation.id} isPending={busy} onRun={() => run(offer.id)} />
              </div>
            </div>
          ) : (
            <>
              <Autocomplete inputValue={text} onInputChange={setText}>
                <TextField className="pal-q" aria-label={t('library.pick')} autoFocus>
                  <Icon name="search" size={20} />
                  <Input
                    placeholder={t('library.search')}
                    onKeyDown={(event) => {
                      // The list is drawn anew as one types, and may stand without a focused row: then Enter takes what is shown.
                      if (event.key !== 'Enter' || event.nativeEvent.isComposing || !shown || event.currentTarget.getAttribute('aria-activedescendant')) return;
                      event.preventDefault();
                      choose(shown);
                    }}
                  />
                </TextField>
                <div className="lib-two">
                  <ListBox
                    className="menu pal-list"
                    aria-label={t('library.pick')}
                    onAction={(id) => choose(String(id))}
                    renderEmptyState={() => (
                      <div className="opt faint lib-none">
                        {replies?.length || macros?.length ? t('library.none_found') : t('library.none')}
                        <Button size="s" onPress={() => void navigate('/settings/replies/new')}>
                          {t('library.reply.add')}
                        </Button>
                      </div>
                    )}
                  >
                    {groups.map(({ kind, items }) => (
                      <ListBoxSection key={kind} id={`group:${kind}`}>
                        <Header className="menu-head">{t(`library.group.${kind}`)}</Header>
                        {items.map((one) => (
                          <ListBoxItem key={one.id} id={one.id} textValue={one.name} className="opt" onHoverStart={() => setFocused(one.id)}>
                            {({ isFocused }) => {
                              if (isFocused && focused !== one.id) queueMicrotask(() => setFocused(one.id));
                              return (
                                <>
                                  <Icon name={one.kind === 'macro' ? 'checks' : 'reply'} size={18} />
                                  <span className="t1">{one.name}</span>
                                  <span className="end">{one.folder}</span>
                                </>
                              );
                            }}
                          </ListBoxItem>
                        ))}
                      </ListBoxSection>
                    ))}
                  </ListBox>
                  {phone || !offer ? null : (
                    <section className="lib-see" aria-label={t('library.preview')}>
                      <Foreseen offer={offer} conversation={conversation.id} />
                    </section>
                  )}
                </div>
              </Autocomplete>
              <PaletteFoot enter={t('library.use')} />
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function RunButton({ id, conversation, isPending, onRun }: { id: string; conversation: string; isPending: boolean; onRun: () => void }) {
  const { t } = useTranslation();
  const preview = useMacroPreview(id, conversation).data;
  return (
    // Made anew once it can be pressed, so that the focus goes to it.
    <Button
      key={preview ? 'ready' : 'waiting'}
      kind="primary"
      autoFocus={Boolean(preview)}
      isPending={isPending}
      isDisabled={!preview || preview.fault !== null}
      onPress={onRun}
    >
      {t('library.apply')}
    </Button>
  );
}

function Foreseen({ offer, conversation }: { offer: Offer; conversation: string }) {
  const { t } = useTranslation();
  const reply = useReplyPreview(offer.kind === 'reply' ? offer.id : null, conversation);
  const change = useMacroPreview(offer.kind === 'macro' ? offer.id : null, conversation);
  const error = reply.error ?? change.error;
  if (error) return <p className="dim">{problemText(t, error)}</p>;
  if (offer.kind === 'macro') return change.data ? <Changes preview={change.data} /> : null;
  if (!reply.data) return null;
  return (
    <>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the server */}
      <div className="txt" lang={reply.data.language} dangerouslySetInnerHTML={{ __html: reply.data.html }} />
      {reply.data.attachments.map((file) => (
        <p key={file.id} className="small dim">
          <Icon name="clip" size={14} /> {file.filename}
        </p>
      ))}
      <Holes missing={reply.data.missing} placeholders={reply.data.placeholders} />
    </>
  );
}
