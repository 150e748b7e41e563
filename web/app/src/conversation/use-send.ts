import { type ConversationDetail, type Draft, del, type Message, Problem, put, type Status } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from '@ui';
import { type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { asksFirst, useAsk } from '../field/ask';
import { useFormat } from '../i18n/use-format';
import { findPlaceholders } from '../library/placeholders';
import { useMe } from '../session/queries';
import { usePlace } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { type Present, useShell } from '../shell/state';
import { keys, putTimelineItem, settleMessage, type TimelinePages, takeConversation } from './cache';
import { emptyGreeting, forgotAttachment, internalWords, plainText } from './checks';
import type { Warning } from './composer-warning';
import { looksLikeAddress } from './mailbox';
import { outgoing, send as sendOutgoing, standInOf, type Written } from './outbox';
import { sendPresence } from './queries';
import { undoLeft, undoSend } from './undo-send';
import { useActions } from './use-actions';
import { findSent } from './use-outbox';
import type { Writing } from './use-writing';

/** Another time, or on to the next conversation. */
export interface More {
  at?: Date;
  next?: boolean;
}
export const NOBODY: Present[] = [];
const NO_MAIL = { to: [], cc: [], bcc: [] };

/** Whether what is answered shows in the widget at once, instead of going by mail. */
export const isLiveChat = (c: ConversationDetail): boolean => c.chat !== null && !c.chat.by_mail;

interface Sending {
  conversation: ConversationDetail;
  writing: Writing;
  /** The message that was newest when writing began; a later one is worth a warning. */
  began: RefObject<string | null>;
  sending: boolean;
  setSending: (sending: boolean) => void;
  goNext: () => void;
}

/** Sends what was written: warned first where one may regret it, shown at once, taken back when it fails. Nothing written is lost. */
export function useSend({ conversation, writing, began, sending, setSending, goNext }: Sending) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const place = usePlace();
  const me = useMe().agent;
  const actions = useActions();
  const format = useFormat();
  const id = conversation.id;
  const inChat = isLiveChat(conversation);
  const present = useShell((s) => s.presence[id] ?? NOBODY);
  const [warning, setWarning] = useState<Warning | null>(null);
  const [collision, setCollision] = useState<{ newer: Message[]; then: Status | null } | null>(null);
  /** What 'Send anyway' does. */
  const again = useRef<() => void>(() => undefined);

  /** What stands against sending; the first that is found. */
  const check = (written: Written): Warning | null => {
    const missing = writing.uploads.missing(writing.editor.current?.pictures() ?? []);
    if (missing) return { id: missing };
    if (!written.html && written.attachments.length === 0) return { id: 'empty' };
    const { to, cc, bcc } = written;
    if (written.kind === 'reply' && !inChat && (to.length === 0 || [...to, ...cc, ...bcc].some((one) => !looksLikeAddress(one.address))))
      return { id: 'recipients' };
    return null;
  };
  /** What one may send in spite of. */
  const doubt = (written: Written): Warning | null => {
    if (written.kind !== 'reply') return null;
    if (forgotAttachment(written.html, written.attachments.length)) return { id: 'attachment' };
    const open = findPlaceholders(plainText(written.html))[0];
    if (open) return { id: 'placeholder', text: t('app.warn.placeholder', { words: open.words }) };
    if (emptyGreeting(written.html)) return { id: 'greeting' };
    if (internalWords(written.html)) return { id: 'internal' };
    const typing = present.find((one) => one.state === 'typing' && Date.now() - one.at < 15_000);
    return typing ? { id: 'typing', text: t('app.warn.typing', { name: typing.name }) } : null;
  };

  const tell = (message: Message, then: Status | null, more: More, started: number) => {
    const left = undoLeft(message, started, Date.now());
    const said = more.at
      ? t('app.done.scheduled', { when: format.coming(more.at) })
      : then?.kind === 'snoozed' && then.until
        ? t('app.done.sent_snoozed', { when: format.coming(then.until) })
        : then?.kind === 'resolved'
          ? t('app.done.sent_resolved')
          : t('app.done.sent');
    const undo = () => {
      if (then) void actions.setStatus(conversation, conversation.status, true, conversation.custom_status);
      void undoSend(client, message).then(
        () => void navigate(`/inbox/${place.view}/${id}`),
        (error: unknown) => toast(problemText(t, error)),
      );
    };
    toast(said, more.at || left > 0 ? { ms: more.at ? 8000 : left, undoLabel: t('app.undo'), undo } : {});
  };

  /** The words come back to where they were written, and to the server, should this page be gone by now. */
  const giveBack = (written: Written) => {
    writing.fill(written);
    const { attachments, ...form } = written;
    void put<Draft>(`/conversations/${id}/draft`, { ...form, attachment_ids: attachments.map((one) => one.id), version: null })
      .then((saved) => {
        writing.autosave.adopt(saved);
        client.setQueryData(keys.draft(id), saved);
      })
      .catch(() => undefined);
  };

  const send = async (then: Status | null, sure = false, more: More = {}): Promise<void> => {
    if (sending) return;
    const html = writing.editor.current?.html() ?? writing.html;
    // In a chat it is said in the widget, and mailed to nobody.
    const { to, cc, bcc } = inChat ? NO_MAIL : writing;
    const written: Written = { kind: writing.kind, html, to, cc, bcc, attachments: writing.uploads.of(html) };
    const wrong = check(written);
    if (wrong?.id === 'recipients') writing.setRows((now) => ({ ...now, to: true }));
    if (wrong) return setWarning(wrong);
    again.current = () => void send(then, true, more);
    const doubtful = sure ? null : doubt(written);
    if (doubtful?.id === 'placeholder') writing.editor.current?.nextPlaceholder();
    if (doubtful) return setWarning(doubtful);
    if (then?.kind === 'resolved' && asksFirst(client, id, () => void send(then, sure, more))) return;

    setSending(true);
    setWarning(null);
    await writing.autosave.reset();
    // In a chat both write at the same time, and that is no reason to stop.
    const ifLast = began.current && !sure && !inChat && !began.current.startsWith('temp_') ? began.current : null;
    const one = outgoing(id, written, then, written.kind === 'reply' ? ifLast : null, new Date(), { sendAt: more.at?.toISOString(), sure });
    client.setQueryData<TimelinePages>(keys.timeline(id), (data) => putTimelineItem(data, { type: 'message', message: standInOf(one, me) }));
    writing.clear();
    useShell.getState().setComposerOpen(false);
    sendPresence(id, false);
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
      if (written.kind === 'reply' && (!inChat || then || more.at)) tell(message, then, more, started);
      else if (then) toast(t('app.done.resolved'));
    } catch (error) {
      client.setQueryData<TimelinePages>(keys.timeline(id), (data) => settleMessage(data, one.id, null));
      if (then) takeConversation(client, { ...conversation, version: conversation.version + 1 });
      giveBack(written);
      if (error instanceof Problem && error.code === 'newer_message') {
        if (Array.isArray(error.current)) setCollision({ newer: error.current as Message[], then });
        else setWarning({ id: 'newer' });
      } else if (error instanceof Problem && error.code === 'fields_missing') {
        // Not known here yet: the server said so.
        useAsk.getState().ask({ id, done: () => void send(then, sure, more) });
      } else {
        setWarning({ id: 'failed', text: problemText(t, error) });
        toast(problemText(t, error));
      }
    } finally {
      setSending(false);
    }
  };

  return { send, warning, setWarning, again, collision, setCollision };
}
