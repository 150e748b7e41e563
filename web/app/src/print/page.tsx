import './print.css';
import type { Attachment, ConversationDetail, Message } from '@api';
import { Button, Checkbox, Icon } from '@ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { MailBody } from '../conversation/mail-body';
import { mailboxText } from '../conversation/mailbox';
import { useConversation, useTimeline } from '../conversation/queries';
import { ordered } from '../conversation/timeline';
import { useTitle } from '../form/use-title';
import { textLanguage } from '../i18n/format';
import { useFormat } from '../i18n/use-format';
import { Broken } from '../shell/broken';
import { pathOf } from '../shell/place';
import { statusName } from '../status/groups';

/** A whole conversation on paper, or as a PDF by the browser: every message as it was sent, notes only when asked for. */
export default function PrintPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { data: c, isPlaceholderData, error, refetch } = useConversation(id);
  const { data, hasNextPage, isFetching, isError, fetchNextPage, ...timeline } = useTimeline(id);
  const [notes, setNotes] = useState(false);
  useTitle(c ? `#${c.number} ${c.subject || t('app.no_subject')}` : t('work.print.title'));
  // Nothing is left out because nobody scrolled to it.
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const failed = error ?? timeline.error;
  if (failed)
    return (
      <Broken
        error={failed}
        onRetry={() => {
          void refetch();
          void timeline.refetch();
        }}
      />
    );
  const messages = ordered(data?.pages ?? []).flatMap((item) => (item.type === 'message' ? [item.message] : []));
  const waits = (m: Message) => m.delivery?.state === 'scheduled';
  const whole = c !== undefined && !isPlaceholderData && data !== undefined && !hasNextPage;
  const hasNotes = messages.some((m) => m.kind === 'note');
  return (
    <div className="print-page scroll">
      <div className="print-tools" role="toolbar" aria-label={t('work.print.title')}>
        <Link className="btn" to={pathOf({ view: 'all', id })}>
          <Icon name="back" size={16} />
          {t('app.back')}
        </Link>
        <span className="grow" />
        {hasNotes ? (
          <Checkbox isSelected={notes} onChange={setNotes}>
            {t('work.print.notes')}
          </Checkbox>
        ) : null}
        <Button kind="primary" isDisabled={!whole} isPending={!whole} onPress={() => window.print()}>
          {t('work.print.do')}
        </Button>
      </div>
      <main className="print-paper" data-theme="light" aria-busy={!whole}>
        {c ? <Head conversation={c} /> : null}
        {whole ? messages.filter((m) => !waits(m) && (notes || m.kind !== 'note')).map((m) => <Printed key={m.id} message={m} />) : null}
      </main>
    </div>
  );
}

function Head({ conversation: c }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts: [string, string][] = [
    [t('work.print.customer'), [c.customer.name, c.customer.email].filter(Boolean).join(' · ')],
    [t('work.print.begun'), format.exact(c.created_at)],
    [t('work.print.status'), statusName(c, (kind) => t(`app.status.${kind}`))],
    ...(c.assignee ? [[t('work.print.assignee'), c.assignee.name] as [string, string]] : []),
    ...(c.tags.length > 0 ? [[t('work.print.tags'), c.tags.map((tag) => tag.name).join(', ')] as [string, string]] : []),
  ];
  return (
    <header>
      <h1>{c.subject || t('app.no_subject')}</h1>
      <p className="dim">{`#${c.number} · ${c.inbox.name}`}</p>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </header>
  );
}

function Printed({ message: m }: { message: Message }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = m.author.name || m.author.email || t('app.no_name');
  const html = m.has_quote ? m.reply_html : (m.html ?? m.reply_html);
  const language = textLanguage(m.reply_text || m.text || m.reply_html || '');
  const to = [...m.to, ...m.cc];
  return (
    <article data-kind={m.kind} aria-label={t(m.kind === 'note' ? 'app.message.note_by' : 'app.message.by', { name })}>
      <div className="print-top">
        <b>{name}</b>
        {m.kind === 'note' ? <span>{t('app.message.internal')}</span> : null}
        <time dateTime={m.created_at}>{format.exact(m.created_at)}</time>
      </div>
      {to.length > 0 ? <p className="small dim">{t('app.message.to', { address: to.map(mailboxText).join(', ') })}</p> : null}
      {html ? (
        <MailBody html={html} showImages={false} lang={language} />
      ) : (
        <div className="plain" lang={language}>
          {m.reply_text || m.text}
        </div>
      )}
      <Files items={m.attachments.filter((one) => !one.inline)} />
    </article>
  );
}

function Files({ items }: { items: readonly Attachment[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (items.length === 0) return null;
  return <p className="small dim">{t('work.print.files', { names: items.map((one) => `${one.filename} (${format.size(one.size)})`).join(', ') })}</p>;
}
