import type { Event } from '@api';
import { Button, Empty } from '@ui';
import { Fragment, useEffect, useRef } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '../../i18n/use-format';
import { Loaded, SettingsPage } from '../page';
import { useAudit } from './queries';
import { dayKey, didOf } from './text';

/** Who did what and when, newest first, without an end. */
export default function Audit() {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useAudit();
  const end = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const there = Boolean(list.data);
  useEffect(() => {
    const mark = end.current;
    if (!mark || !there || !hasNextPage || isFetchingNextPage) return;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && void fetchNextPage(), { rootMargin: '400px' });
    observer.observe(mark);
    return () => observer.disconnect();
  }, [there, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <SettingsPage title={t('settings.page.audit.title')} lead={t('settings.page.audit.lead')}>
      <Loaded query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }} rows={8} empty={<Empty icon="list" title={t('settings.audit.none')} />}>
        {(items) => (
          <div>
            <ol className="audit">
              {items.map((event, i) => (
                <Fragment key={event.id}>
                  {i === 0 || dayKey(event.at) !== dayKey(items[i - 1]?.at ?? '') ? (
                    <li data-day>
                      <h2>{format.day(event.at)}</h2>
                    </li>
                  ) : null}
                  <AuditLine event={event} />
                </Fragment>
              ))}
            </ol>
            <div ref={end} className="more-end">
              {hasNextPage ? (
                <Button kind="quiet" isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
                  {t('app.more')}
                </Button>
              ) : (
                <span className="small faint">{t('app.list.end')}</span>
              )}
            </div>
          </div>
        )}
      </Loaded>
    </SettingsPage>
  );
}

function AuditLine({ event }: { event: Event }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { key, fact, statuses } = didOf(event);
  const who = event.actor.name || t(`settings.audit.actor.${event.actor.kind}`);
  return (
    <li>
      <span className="wrap-any">
        <Trans i18nKey={key ? `settings.audit.did.${key}` : 'settings.audit.did.other'} values={{ who, kind: event.kind }} components={{ b: <b /> }} />
        {fact ? <span className="dim"> · {fact}</span> : null}
        {statuses ? <span className="dim"> · {statuses.map((one) => t(`app.status.${one}`)).join(' → ')}</span> : null}
        {event.conversation_id ? (
          <>
            {' · '}
            <Link to={`/conversations/${event.conversation_id}`}>{t('settings.audit.open')}</Link>
          </>
        ) : null}
      </span>
      <time dateTime={event.at} title={format.exact(event.at)}>
        {format.clock(event.at)}
      </time>
    </li>
  );
}
