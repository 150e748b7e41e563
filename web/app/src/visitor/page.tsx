import './visitor.css';
import type { LiveVisitor } from '@api';
import { Avatar, Button, Chip, Empty, Select, Skeleton } from '@ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTitle } from '../form/use-title';
import { stopwatch } from '../i18n/format';
import { useMe } from '../session/queries';
import { Broken } from '../shell/broken';
import { Facts, Way } from './facts';
import InviteDialog from './invite-dialog';
import { useSites, useVisitor, useVisitors } from './queries';

const ALL = 'all';

/** Who is on the site just now. */
export default function VisitorsPage() {
  const { t } = useTranslation();
  const [inbox, setInbox] = useState(ALL);
  const sites = useSites(true).data ?? [];
  const list = useVisitors(inbox === ALL ? null : inbox);
  const rows = (list.data?.pages ?? []).flatMap((page) => page.items);
  const [inviting, setInviting] = useState<LiveVisitor | null>(null);
  const [open, setOpen] = useState<string | null>(null);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  useTitle(`${t('visitor.title')} · ${useMe().workspace.name}`);
  const nameOf = (one: LiveVisitor) => one.name ?? t('visitor.nameless', { number: one.number });
  return (
    <main className="col" id="main" tabIndex={-1}>
      <div className="hbar">
        <h1 className="grow">{t('visitor.title')}</h1>
        <span className="small dim" role="status">
          {list.data ? t('visitor.count', { count: rows.length }) + (list.hasNextPage ? '+' : '') : ''}
        </span>
        {sites.length > 1 ? (
          <Select
            label={t('visitor.site')}
            hideLabel
            value={inbox}
            onChange={setInbox}
            items={[{ id: ALL, label: t('visitor.every_site') }, ...sites.map((one) => ({ id: one.inbox_id, label: one.name }))]}
          />
        ) : null}
      </div>
      <div className="scroll">
        {list.isError && !list.data ? (
          <Broken error={list.error} onRetry={() => void list.refetch()} />
        ) : !list.data ? (
          <div className="visitors">
            <Skeleton />
          </div>
        ) : rows.length === 0 ? (
          <Empty icon="people" title={t('visitor.none')}>
            {t(sites.length === 0 ? 'visitor.off_hint' : 'visitor.none_hint')}
          </Empty>
        ) : (
          <ul className="visitors">
            {rows.map((one) => (
              <Row
                key={one.id}
                one={one}
                name={nameOf(one)}
                now={now}
                isOpen={open === one.id}
                onOpen={() => setOpen(open === one.id ? null : one.id)}
                onInvite={() => setInviting(one)}
              />
            ))}
            {list.hasNextPage ? (
              <li className="list-end">
                <Button kind="quiet" isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
                  {t('app.more')}
                </Button>
              </li>
            ) : null}
          </ul>
        )}
      </div>
      {inviting ? <InviteDialog visitor={inviting} name={nameOf(inviting)} onClose={() => setInviting(null)} /> : null}
    </main>
  );
}

interface RowProps {
  one: LiveVisitor;
  name: string;
  now: number;
  isOpen: boolean;
  onOpen: () => void;
  onInvite: () => void;
}

function Row({ one, name, now, isOpen, onOpen, onInvite }: RowProps) {
  const { t, i18n } = useTranslation();
  const since = (at: string | null) => (at ? stopwatch((now - Date.parse(at)) / 1000, i18n.language) : '');
  const language = new Intl.DisplayNames(i18n.language, { type: 'language' }).of(one.locale) ?? one.locale;
  return (
    <li className="visitor">
      <Avatar name={name} seed={one.customer_id ?? one.id} size={32} />
      <div className="visitor-who">
        <h2 className="t1">{one.customer_id ? <Link to={`/customers/${one.customer_id}`}>{name}</Link> : name}</h2>
        <p className="small dim visitor-signs">
          <span>{one.visits > 1 ? t('visitor.returning', { count: one.visits }) : t('visitor.new')}</span>
          <span>{language}</span>
          {one.identified ? <span>{t('visitor.signed_in')}</span> : null}
        </p>
      </div>
      <div className="visitor-where">
        {one.page ? (
          <a href={one.page.url} target="_blank" rel="noopener noreferrer nofollow" className="t1" title={one.page.url}>
            {one.page.title || one.page.url}
          </a>
        ) : (
          <span className="dim">{t('visitor.no_page')}</span>
        )}
        <p className="small dim num">
          {t('visitor.times', { page: since(one.page_at), site: since(one.began_at), count: one.pages })}
          {one.page?.referrer ? ` · ${t('visitor.from', { site: hostOf(one.page.referrer) })}` : ''}
        </p>
        <Facts attributes={one.attributes} />
        {isOpen ? <Trail id={one.id} /> : null}
      </div>
      <div className="visitor-acts">
        {one.conversation_id ? (
          <Link className="btn btn-s" to={`/conversations/${one.conversation_id}`}>
            {one.agent ? t('visitor.in_chat_with', { name: one.agent }) : t('visitor.in_chat')}
          </Link>
        ) : one.invited ? (
          <Chip>{t('visitor.invited_by', { name: one.invited.by })}</Chip>
        ) : (
          <Button size="s" onPress={onInvite} aria-label={t('visitor.invite_name', { name })}>
            {t('visitor.invite')}
          </Button>
        )}
        <Button size="s" kind="quiet" onPress={onOpen} aria-expanded={isOpen} aria-label={`${t(isOpen ? 'visitor.less' : 'visitor.more')}, ${name}`}>
          {t(isOpen ? 'visitor.less' : 'visitor.more')}
        </Button>
      </div>
    </li>
  );
}

function Trail({ id }: { id: string }) {
  const detail = useVisitor(id).data;
  return detail ? <Way detail={detail} most={70} /> : <Skeleton />;
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
