import { apiUrl, type Mailbox, type Message } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Avatar, Button, Chip, Icon, type MenuEntry, type MenuGroup, MenuOnPress, toast } from '@ui';
import { memo, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { textLanguage } from '../i18n/format';
import { useFormat } from '../i18n/use-format';
import { useMe } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { useShell } from '../shell/state';
import { useSide } from '../side/state';
import { useWork } from '../work/state';
import { Attachments } from './attachments';
import { keys, putTimelineItem, type TimelinePages } from './cache';
import { findAll } from './find';
import { MailBody, remoteImages } from './mail-body';
import { mailboxText } from './mailbox';
import { ScheduledLine } from './scheduled';
import { retrySend, undoSend } from './undo-send';
import { WaitingLine } from './waiting-line';

/** One message of the thread: the customer on the rule, the team on celadon, notes on yellow. */
export const MessageView = memo(function MessageView({
  message: m,
  mine,
  aside,
  seen,
}: {
  message: Message;
  mine: boolean;
  aside?: boolean;
  /** The customer has seen it in the widget, and nothing newer. */
  seen?: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [unfolded, setQuote] = useState(false);
  // What one looks for may stand in the quoted part.
  const sought = useShell((s) => m.has_quote && s.findText !== null && findAll(m.text, s.findText).length > findAll(m.reply_text, s.findText).length);
  const quote = unfolded || sought;
  const [images, setImages] = useState(false);
  const [details, setDetails] = useState(false);
  const isNote = m.kind === 'note';
  const name = m.author.name || m.author.email || t('app.no_name');
  const html = quote || !m.has_quote ? (m.html ?? m.reply_html) : (m.reply_html ?? null);
  const text = quote || !m.has_quote ? m.text || m.reply_text : m.reply_text || m.text;
  const blocked = html && !images ? remoteImages(html) : 0;
  const pending = m.id.startsWith('temp_');
  const language = textLanguage(m.reply_text || m.text || m.reply_html || '');
  const label = isNote ? t('app.message.note_by', { name }) : t('app.message.by', { name });
  const recipients = [...m.to, ...m.cc, ...m.bcc];
  return (
    <article
      className="msg"
      id={m.id}
      data-kind={m.kind}
      data-whisper={m.whispered_to ? true : undefined}
      data-pending={pending || undefined}
      aria-label={label}
      tabIndex={-1}
    >
      <Avatar name={name} seed={m.author.id ?? m.author.email ?? name} size={28} />
      <div className="body">
        <div className="top">
          <b>{name}</b>
          {isNote ? (
            <Chip tone="note" icon="lock">
              {m.whispered_to ? t('work.whispered', { name: m.whispered_to.name }) : t('app.message.internal')}
            </Chip>
          ) : null}
          {m.kind === 'automatic' ? <Chip>{t('app.message.automatic')}</Chip> : null}
          {m.kind === 'bounce' ? (
            <Chip tone="bad" icon="alert">
              {t('app.message.bounce')}
            </Chip>
          ) : null}
          {m.edited_at ? (
            <Button kind="link" size="s" onPress={() => useWork.getState().show({ kind: 'versions', id: m.conversation_id, message: m })}>
              {t('work.redact.edited')}
            </Button>
          ) : null}
          {m.redacted_at ? (
            <Chip icon="lock" title={format.exact(m.redacted_at)}>
              {t('work.redact.redacted')}
            </Chip>
          ) : null}
          {m.held ? <Chip tone="warn">{t('app.message.held')}</Chip> : null}
          {m.kind === 'customer' && m.to[0] && !aside ? <span className="faint small t1">{t('app.message.to', { address: m.to[0].address })}</span> : null}
          {pending ? null : <MessageMenu message={m} mine={mine} aside={aside} details={details} onDetails={() => setDetails(!details)} />}
          <time dateTime={m.created_at} title={format.exact(m.created_at)}>
            {format.thread(m.created_at)}
          </time>
        </div>
        {details ? <Details message={m} recipients={recipients} /> : null}
        {blocked > 0 ? (
          <div className="blocked">
            <Icon name="image" size={14} />
            <span className="grow">{t('app.message.blocked', { count: blocked })}</span>
            <Button size="s" onPress={() => setImages(true)}>
              {t('app.message.show_images')}
            </Button>
          </div>
        ) : null}
        {html ? (
          <MailBody html={html} showImages={images} lang={language} />
        ) : (
          <div className="txt plain" lang={language}>
            {text}
          </div>
        )}
        {m.has_quote ? (
          <button
            type="button"
            className="fold"
            aria-expanded={quote}
            aria-label={quote ? t('app.message.hide_quote') : t('app.message.show_quote')}
            onClick={() => setQuote(!quote)}
          >
            <Icon name="dots" />
          </button>
        ) : null}
        {m.interactive ? (
          <div className="foot">
            <Icon name={m.interactive.kind === 'cards' ? 'image' : m.interactive.kind === 'form' ? 'form' : 'check'} size={14} />
            {t(`app.message.offers_${m.interactive.kind}`)}
          </div>
        ) : null}
        <Attachments items={m.attachments} />
        {m.kind === 'reply' || m.kind === 'automatic' || pending ? <DeliveryLine message={m} mine={mine} seen={seen} /> : null}
      </div>
    </article>
  );
});

/** What can be done with one message. */
function MessageMenu(props: { message: Message; mine: boolean; aside?: boolean; details: boolean; onDetails: () => void }) {
  const { message: m, mine, aside, details, onDetails } = props;
  const { t } = useTranslation();
  const { permissions } = useMe();
  const groups = (): MenuGroup[] => {
    const may = (permission: string) => permissions.includes(permission);
    const isNote = m.kind === 'note';
    const work = useWork.getState();
    const items: (MenuEntry | false)[] = [
      { id: 'details', label: details ? t('app.message.hide_details') : t('app.message.details'), icon: 'info', onAction: onDetails },
      may('conversation.reply') &&
        !aside &&
        !isNote && {
          id: 'forward',
          label: t('work.command.forward'),
          icon: 'out',
          onAction: () => useSide.getState().write({ parent: m.conversation_id, forward: m }),
        },
      may('conversation.write') &&
        !aside && {
          id: 'split',
          label: t('work.command.split'),
          icon: 'moveto',
          onAction: () => work.show({ kind: 'split', id: m.conversation_id, message: m.id }),
        },
      may('conversation.write') &&
        isNote &&
        mine && {
          id: 'edit',
          label: t('work.command.edit_note'),
          icon: 'pen',
          onAction: () => work.show({ kind: 'edit', id: m.conversation_id, message: m }),
        },
      may('message.redact') &&
        !aside && {
          id: 'redact',
          label: t('work.command.redact'),
          icon: 'lock',
          onAction: () => work.show({ kind: 'redact', id: m.conversation_id, message: m }),
        },
      { id: 'copy', label: t('app.message.copy'), icon: 'copy', onAction: () => void navigator.clipboard.writeText(m.reply_text || m.text) },
      !isNote && {
        id: 'raw',
        label: t('app.message.raw'),
        icon: 'download',
        onAction: () => void window.open(apiUrl(`/messages/${m.id}/raw`), '_blank', 'noopener'),
      },
    ];
    return [{ id: 'message', items: items.filter((item) => item !== false) }];
  };
  return (
    <MenuOnPress label={t('app.message.more')} placement="bottom end" className="ib more" size="s" groups={groups}>
      <Icon name="dots" />
    </MenuOnPress>
  );
}

function Details({ message: m, recipients }: { message: Message; recipients: Mailbox[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const row = (label: string, list: Mailbox[]) =>
    list.length > 0 ? (
      <>
        <dt>{label}</dt>
        <dd>{list.map(mailboxText).join(', ')}</dd>
      </>
    ) : null;
  return (
    <dl className="details">
      {m.from ? row(t('app.message.from'), [m.from]) : null}
      {recipients.length > 0 ? (
        <>
          {row(t('app.composer.to'), m.to)}
          {row(t('app.composer.cc'), m.cc)}
          {row(t('app.composer.bcc'), m.bcc)}
        </>
      ) : null}
      <dt>{t('app.message.date')}</dt>
      <dd>{format.exact(m.created_at)}</dd>
      {m.authentication ? (
        <>
          <dt>{t('app.message.checked')}</dt>
          <dd>{`SPF ${m.authentication.spf} · DKIM ${m.authentication.dkim} · DMARC ${m.authentication.dmarc}`}</dd>
        </>
      ) : null}
      {m.delivery?.recipients.map((one) => (
        <span key={one.address} style={{ display: 'contents' }}>
          <dt>{one.address}</dt>
          <dd>{[t(`app.delivery.recipient.${one.state}`), one.code, one.detail].filter(Boolean).join(' · ')}</dd>
        </span>
      ))}
    </dl>
  );
}

function useSecondsTo(time: string | null | undefined): number {
  const left = () => (time ? Math.max(0, Math.ceil((new Date(time).getTime() - Date.now()) / 1000)) : 0);
  const [seconds, setSeconds] = useState(left);
  // biome-ignore lint/correctness/useExhaustiveDependencies: counts down to the time given
  useEffect(() => {
    setSeconds(left());
    if (left() === 0) return;
    const timer = setInterval(() => setSeconds(left()), 500);
    return () => clearInterval(timer);
  }, [time]);
  return seconds;
}

/** How far the message has come on its way to the customer. */
function DeliveryLine({ message: m, mine, seen }: { message: Message; mine: boolean; seen?: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const delivery = m.delivery;
  const seconds = useSecondsTo(delivery?.state === 'undo_window' ? delivery.undo_until : null);
  const act = (work: () => Promise<unknown>) => async () => {
    setBusy(true);
    await work().catch((error: unknown) => toast(problemText(t, error)));
    setBusy(false);
  };
  const retry = act(async () => {
    const fresh = await retrySend(m);
    client.setQueryData<TimelinePages>(keys.timeline(m.conversation_id), (data) => putTimelineItem(data, { type: 'message', message: fresh ?? m }));
  });
  if (m.id.startsWith('temp_')) return <WaitingLine id={m.id} />;
  if (!delivery) return null;
  const bad = delivery.recipients.find((one) => one.state === 'failed' || one.state === 'bounced');
  const why = [bad?.detail, bad?.code && !bad.detail?.includes(bad.code) ? `(${bad.code})` : null].filter(Boolean).join(' ');
  switch (delivery.state) {
    case 'undo_window':
      return (
        <div className="foot">
          <Icon name="busy" size={14} className="spin" />
          {seconds > 0 ? t('app.delivery.sending_in', { seconds }) : t('app.delivery.sending')}
          {mine && seconds > 0 ? (
            <Button size="s" isPending={busy} onPress={act(() => undoSend(client, m))}>
              {t('app.undo')}
            </Button>
          ) : null}
        </div>
      );
    case 'scheduled':
      return <ScheduledLine message={m} mine={mine} />;
    case 'queued':
      return (
        <div className="foot">
          <Icon name="clock" size={14} />
          {delivery.attempts > 0 && delivery.next_attempt_at
            ? t('app.delivery.again', { when: format.clock(delivery.next_attempt_at) })
            : t('app.delivery.queued')}
        </div>
      );
    case 'sending':
      return (
        <div className="foot">
          <Icon name="busy" size={14} className="spin" />
          {t('app.delivery.sending')}
        </div>
      );
    case 'sent':
      return (
        <div className="foot">
          <Icon name="check" size={14} />
          {t('app.delivery.sent', { when: format.clock(m.sent_at ?? m.created_at) })}
          {seen ? ` · ${t('app.delivery.seen')}` : null}
        </div>
      );
    case 'cancelled':
      return (
        <div className="foot">
          <Icon name="undo" size={14} />
          {t('app.delivery.cancelled')}
        </div>
      );
    case 'failed':
    case 'partly_failed':
      return (
        <div className="foot" data-tone="bad" role="alert">
          <Icon name="alert" size={14} />
          <span>
            <b className="strong">{delivery.state === 'failed' ? t('app.delivery.failed') : t('app.delivery.partly', { address: bad?.address ?? '' })}</b> {why}{' '}
            {t('app.delivery.kept')}
          </span>
          <Button size="s" isPending={busy} onPress={retry}>
            {t('app.delivery.retry')}
          </Button>
        </div>
      );
  }
}
