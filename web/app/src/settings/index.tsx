import './settings.css';
import '../mailbox/mailbox.css';
import { Button, Empty, Icon } from '@ui';
import { lazy, type ReactElement, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, Route, Routes, useLocation } from 'react-router';
import { needArea } from '../i18n';
import { useServerStatus } from '../people/queries';
import { useMe } from '../session/queries';
import { usePhone } from '../shell/use-media';
import { useDrafts } from './draft';
import { SettingsPage } from './page';
import { findPages, GROUPS, PAGES, type PageId, type PageInfo } from './pages';

const Profile = lazy(() => import('./profile/page'));
const Notifications = lazy(() => import('./notifications/page'));
const Sessions = lazy(() => import('./sessions/page'));
const Tokens = lazy(() => import('./tokens/page'));
const WorkspacePage = lazy(() => import('./workspace/page'));
const People = lazy(() => import('./people/page'));
const Teams = lazy(() => import('./teams/page'));
const Queues = lazy(() => Promise.all([import('../queue/page'), needArea('routing')]).then(([page]) => page));
const Skills = lazy(() => Promise.all([import('../skill/page'), needArea('routing')]).then(([page]) => page));
const Inboxes = lazy(() => import('./inboxes/page'));
const InboxDetail = lazy(() => Promise.all([import('./inboxes/detail'), needArea('chat')]).then(([page]) => page));
const WidgetPage = lazy(() => Promise.all([import('./widget/page'), needArea('chat'), needArea('visitor')]).then(([page]) => page));
const Tags = lazy(() => import('./tags/page'));
const Statuses = lazy(() => import('./statuses/page'));
const Fields = lazy(() => import('./fields/page'));
const Replies = lazy(() => import('./library/list').then((page) => ({ default: page.Replies })));
const Macros = lazy(() => import('./library/list').then((page) => ({ default: page.Macros })));
const ReplyEditor = lazy(() => import('./library/reply-editor'));
const MacroEditor = lazy(() => import('./library/macro-editor'));
const BulkActions = lazy(() => Promise.all([import('./bulk/page'), needArea('bulk')]).then(([page]) => page));
const Blocked = lazy(() => import('./blocked/page'));
const Quarantine = lazy(() => import('./quarantine/page'));
const Audit = lazy(() => import('./audit/page'));

const CONTENT: Record<PageId, ReactElement> = {
  profile: <Profile />,
  notifications: <Notifications />,
  sessions: <Sessions />,
  tokens: <Tokens />,
  workspace: <WorkspacePage />,
  people: <People />,
  teams: <Teams />,
  queues: <Queues />,
  skills: <Skills />,
  inboxes: <Inboxes />,
  tags: <Tags />,
  statuses: <Statuses />,
  fields: <Fields />,
  replies: <Replies />,
  macros: <Macros />,
  bulk: <BulkActions />,
  blocked: <Blocked />,
  quarantine: <Quarantine />,
  audit: <Audit />,
};

/** Everything under /settings, inside the frame. Uses the words of the areas `settings`, `form` and `mailbox`. */
export default function Settings() {
  const phone = usePhone();
  const { pathname } = useLocation();
  const atList = /^\/settings\/?$/.test(pathname);
  return (
    <div className="sets" data-open={atList ? 'no' : 'yes'}>
      {phone && atList ? (
        <main className="col" id="main" tabIndex={-1}>
          <SettingsNav alone />
        </main>
      ) : (
        <SettingsNav />
      )}
      <Suspense fallback={<div className="col" />}>
        <Routes>
          <Route index element={phone ? null : <Navigate to="/settings/profile" replace />} />
          {PAGES.map((page) => (
            <Route key={page.id} path={page.id} element={<Guarded page={page}>{CONTENT[page.id]}</Guarded>} />
          ))}
          <Route
            path="inboxes/:id"
            element={
              <Guarded page={PAGES.find((page) => page.id === 'inboxes') as PageInfo}>
                <InboxDetail />
              </Guarded>
            }
          />
          <Route
            path="inboxes/:id/widget"
            element={
              <Guarded page={PAGES.find((page) => page.id === 'inboxes') as PageInfo}>
                <WidgetPage />
              </Guarded>
            }
          />
          <Route
            path="replies/:id"
            element={
              <Guarded page={PAGES.find((page) => page.id === 'replies') as PageInfo}>
                <ReplyEditor />
              </Guarded>
            }
          />
          <Route
            path="macros/:id"
            element={
              <Guarded page={PAGES.find((page) => page.id === 'macros') as PageInfo}>
                <MacroEditor />
              </Guarded>
            }
          />
          <Route path="*" element={<Navigate to="/settings" replace />} />
        </Routes>
      </Suspense>
    </div>
  );
}

/** Says why a page is closed to somebody who followed a link to it. */
function Guarded({ page, children }: { page: PageInfo; children: ReactElement }) {
  const { t } = useTranslation();
  const me = useMe();
  if (!page.needs || me.permissions.includes(page.needs)) return children;
  return (
    <SettingsPage title={t(`settings.page.${page.id}.title`)} lead={t(`settings.page.${page.id}.lead`)}>
      <Empty icon="lock" title={t('settings.closed.title')}>
        {t('settings.closed.text', { role: t(`form.role.${me.agent.role}`) })}
      </Empty>
    </SettingsPage>
  );
}

function SettingsNav({ alone = false }: { alone?: boolean }) {
  const Title = alone ? 'h1' : 'h2';
  const Group = alone ? 'h2' : 'h3';
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const me = useMe();
  const [search, setSearch] = useState('');
  const unsaved = useDrafts((s) => s.changes);
  const quarantined = useServerStatus().data?.quarantined ?? 0;
  const failing = useServerStatus().data?.inboxes_failing ?? 0;
  const open = PAGES.filter((page) => !page.needs || me.permissions.includes(page.needs));
  const found = findPages(open, search, (page) => `${t(`settings.page.${page.id}.title`)} ${t(`settings.page.${page.id}.words`)}`);
  const apiFits = findPages([PAGES[0] as PageInfo], search, () => `API ${t('settings.api_words')}`).length > 0;
  const mark = (page: PageId) => {
    if (Object.keys(unsaved).some((key) => key === page || key.startsWith(`${page}/`)))
      return (
        <span className="dot" role="img" aria-label={t('settings.has_unsaved')}>
          {null}
        </span>
      );
    if (page === 'quarantine' && quarantined > 0) return <span className="n">{quarantined}</span>;
    if (page === 'inboxes' && failing > 0) return <Icon name="alert" />;
    return null;
  };
  return (
    <nav className="col snav" aria-label={t('settings.title')}>
      <div className="hbar">
        <Title className="grow">{t('settings.title')}</Title>
      </div>
      <div className="list-search">
        <div className="input">
          <Icon name="search" />
          <input
            type="search"
            aria-label={t('settings.find')}
            placeholder={t('settings.find')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && search) setSearch('');
            }}
          />
        </div>
      </div>
      <div className="scroll">
        {GROUPS.map((group) => {
          const pages = found.filter((page) => page.group === group);
          const withApi = group === 'admin' && apiFits;
          if (pages.length === 0 && !withApi) return null;
          return (
            <div className="vg" key={group}>
              <Group>{group === 'workspace' ? me.workspace.name : t(`settings.group.${group}`)}</Group>
              {pages.map((page) => (
                <Link key={page.id} className="vw" to={`/settings/${page.id}`} aria-current={pathname.startsWith(`/settings/${page.id}`) ? 'page' : undefined}>
                  <span className="t1 grow">{t(`settings.page.${page.id}.title`)}</span>
                  {mark(page.id)}
                </Link>
              ))}
              {withApi ? (
                <a className="vw" href="/api" target="_blank" rel="noopener">
                  <span className="t1 grow">{t('settings.api')}</span>
                  <Icon name="out" size={14} />
                </a>
              ) : null}
            </div>
          );
        })}
        {found.length === 0 && !apiFits ? (
          <div className="snav-none">
            <p>{t('settings.nothing_found')}</p>
            <Button kind="quiet" onPress={() => setSearch('')}>
              {t('settings.show_all')}
            </Button>
          </div>
        ) : null}
      </div>
    </nav>
  );
}
