import { apiUrl, type InboundMail } from '@api';
import { Button, Empty, Icon, IconButton, toast } from '@ui';
import type { TFunction } from 'i18next';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { generalText } from '../../form/problems';
import { useFormat } from '../../i18n/use-format';
import { useServerStatus } from '../../people/queries';
import { Confirm } from '../confirm';
import { Loaded, SettingsPage } from '../page';
import { useDiscardMail, useQuarantine, useReplayMail } from './queries';

/** Mail that came in but could not be understood. Nothing is lost: each can be looked at, tried again, or thrown away. */
export default function Quarantine() {
  const { t } = useTranslation();
  const list = useQuarantine();
  const discard = useDiscardMail();
  const [leaving, setLeaving] = useState<InboundMail | null>(null);
  const count = useServerStatus().data?.quarantined;
  const { refetch } = list;
  // The health line moves first; the list follows it.
  useEffect(() => {
    if (count !== undefined) void refetch();
  }, [count, refetch]);
  return (
    <SettingsPage title={t('settings.page.quarantine.title')} lead={t('settings.page.quarantine.lead')}>
      <Loaded
        query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}
        empty={
          <Empty icon="circlecheck" title={t('settings.quarantine.none')}>
            {t('settings.quarantine.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <div>
            <ul className="card entries">
              {items.map((mail) => (
                <MailRow key={mail.id} mail={mail} onDiscard={() => setLeaving(mail)} />
              ))}
            </ul>
            {list.hasNextPage ? (
              <div className="more-end">
                <Button kind="quiet" isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
                  {t('app.more')}
                </Button>
              </div>
            ) : null}
          </div>
        )}
      </Loaded>
      <Confirm
        title={t('settings.quarantine.discard_title')}
        text={t('settings.quarantine.discard_text', { subject: leaving?.subject || t('app.no_subject') })}
        action={t('settings.quarantine.discard')}
        isOpen={leaving !== null}
        isPending={discard.isPending}
        error={discard.error}
        onClose={() => {
          discard.reset();
          setLeaving(null);
        }}
        onDo={() =>
          leaving &&
          discard.mutate(leaving.id, {
            onSuccess: () => {
              toast(t('settings.quarantine.discarded'));
              setLeaving(null);
            },
          })
        }
      />
    </SettingsPage>
  );
}

const REASONS = ['gone', 'stopped_worker', 'took_too_long', 'failed', 'no_sender'] as const;

/** Why it waits here: in the reader's language where we have words for it, else the server's, written as a sentence. */
function why(t: TFunction, mail: InboundMail): string {
  const known = REASONS.find((one) => one === mail.reason);
  if (known) return t(`settings.quarantine.reason.${known}`);
  if (!mail.error) return t('settings.quarantine.no_reason');
  return `${mail.error.charAt(0).toUpperCase()}${mail.error.slice(1)}${/[.!?]$/.test(mail.error) ? '' : '.'}`;
}

function MailRow({ mail, onDiscard }: { mail: InboundMail; onDiscard: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const replay = useReplayMail();
  const subject = mail.subject || t('app.no_subject');
  return (
    <li data-tall="yes">
      <Icon name="mail" size={20} className="faint" />
      <span className="what">
        <span className="strong">{subject}</span>
        <span className="small dim">
          {mail.from || t('settings.quarantine.no_sender')} · <time title={format.exact(mail.received_at)}>{format.list(mail.received_at)}</time> ·{' '}
          {format.size(mail.size)} · {t(`settings.quarantine.via.${mail.via}`)}
          {mail.inbox ? ` · ${mail.inbox.name}` : ''}
        </span>
        <span className="small wrap quar-why">
          {why(t, mail)} {t('settings.quarantine.attempts', { count: mail.attempts })}
        </span>
      </span>
      <span className="acts-in">
        <Button
          icon="refresh"
          isPending={replay.isPending}
          aria-label={t('settings.quarantine.replay_named', { subject })}
          onPress={() =>
            replay.mutate(mail.id, { onSuccess: () => toast(t('settings.quarantine.replayed')), onError: (error) => toast(generalText(t, error) ?? '') })
          }
        >
          {t('settings.quarantine.replay')}
        </Button>
        <a
          className="ib"
          href={apiUrl(`/inbound-mail/${mail.id}/raw`)}
          download={`${mail.id}.eml`}
          aria-label={t('settings.quarantine.raw_named', { subject })}
          title={t('settings.quarantine.raw')}
        >
          <Icon name="download" size={18} />
        </a>
        <IconButton icon="trash" label={t('settings.quarantine.discard_named', { subject })} onPress={onDiscard} />
      </span>
    </li>
  );
}
