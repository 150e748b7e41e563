import { type ConversationCounts, Problem, type ViewGroup } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Icon, IconButton, MenuLater, Skeleton } from '@ui';
import { lazy, memo, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { VListHandle } from 'virtua';
import { useBulk } from '../bulk/selection';
import { useFormat } from '../i18n/use-format';
import { useInboxes, useTeams } from '../people/queries';
import { useMay, useMe } from '../session/queries';
import { Broken } from '../shell/broken';
import { pathOf, usePlace } from '../shell/place';
import { useShell } from '../shell/state';
import { useMedia, usePhone } from '../shell/use-media';
import { useSavedViews } from '../view/queries';
import { keys } from './cache';
import { type GroupedPage, useGroupCounts, useGroupedList } from './grouped';
import { NothingHere } from './nothing-here';
import { useConversationList, useCounts } from './queries';
import { type Heading, Rows } from './rows';
import { useTable } from './use-table';
import { FIXED, type FixedView, INVOLVED, inView, isFixed, isSaved, SHELVES, SORTS, type Sort, VIEW_ICONS } from './views';

const SearchResults = lazy(() => import('./search'));
const Table = lazy(() => import('./table'));
const OfflineStart = lazy(() => import('../pwa/offline-start'));
const isAway = (error: unknown): boolean => error instanceof Problem && error.isOffline;
const NO_IDS: string[] = [];
const ALL_VIEWS = [...FIXED.filter((key) => key !== 'resolved'), ...INVOLVED, 'resolved', ...SHELVES] as const;

/** The number beside a view; none where it would only grow. */
function viewCount(counts: ConversationCounts | undefined, view: (typeof ALL_VIEWS)[number]): number | undefined {
  return view === 'resolved' || view === 'trash' ? undefined : counts?.[view];
}

/** The list pane: title, sorting, the "2 new" pill and the rows, or search results. */
export const ConversationListPane = memo(function ConversationListPane() {
  const { view, id } = usePlace();
  const { t } = useTranslation();
  const phone = usePhone();
  const table = useTable();
  return (
    <section
      className="col list"
      id={table ? 'main' : undefined}
      tabIndex={table ? -1 : undefined}
      aria-label={t('app.conversations')}
      role={table || (phone && id === null) ? 'main' : undefined}
    >
      {view === 'search' ? (
        <Suspense>
          <SearchResults />
        </Suspense>
      ) : (
        <ViewList key={view} view={view} />
      )}
    </section>
  );
});

/** What a view is called. */
export function useViewTitle(view: string): string {
  const { t } = useTranslation();
  const teams = useTeams().data;
  const inboxes = useInboxes().data;
  const saved = useSavedViews().data;
  if (isFixed(view)) return t(`app.view.${view}`);
  if (isSaved(view)) return saved?.find((one) => one.id === view)?.name ?? '';
  return teams?.find((team) => team.id === view)?.name ?? inboxes?.find((inbox) => inbox.id === view)?.name ?? '';
}

function ViewList({ view }: { view: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useMe().agent.id;
  const mayReply = useMay('conversation.reply');
  const navigate = useNavigate();
  const phone = usePhone();
  // A saved view has its own order until another is chosen.
  const saved = useSavedViews().data?.find((one) => one.id === view);
  const own = saved?.sort;
  const [chosen, setSort] = useState<Sort | null>(isSaved(view) ? null : ((localStorage.getItem('sonnim.sort') as Sort | null) ?? 'newest'));
  const sort = chosen ?? own ?? 'newest';
  const columns = saved?.columns ?? NO_IDS;
  const by = saved?.group ?? null;
  const withFields = columns.some((one) => one.startsWith('field.'));
  // Whether it is divided is known once the views are there.
  const ready = !isSaved(view) || saved !== undefined;
  const plain = useConversationList(view, sort, withFields, ready && by === null);
  const grouped = useGroupedList(view, sort, by, withFields);
  const list = by ? grouped : plain;
  const table = useTable();
  const counts = useCounts().data;
  const title = useViewTitle(view);
  const format = useFormat();
  const waiting = useShell((s) => s.waiting[view] ?? NO_IDS);
  const away = useShell((s) => s.wasLive && s.connection !== 'live');
  const viewsOpen = useShell((s) => s.viewsOpen);
  const toggleViews = useShell((s) => s.toggleViews);
  const rows = useMemo(() => {
    const seen = new Set<string>();
    return (list.data?.pages ?? []).flatMap((page) => page.items).filter((c) => !seen.has(c.id) && seen.add(c.id));
  }, [list.data]);
  const headings = useHeadings(view, by, grouped.data?.pages);
  const undivided = by !== null && grouped.data?.pages[0]?.plan.complete === false;
  const top = useRef<VListHandle>(null);
  const total = isFixed(view) ? counts?.[view as keyof ConversationCounts & FixedView] : (counts?.teams[view] ?? counts?.inboxes[view]);

  const refresh = useCallback(() => {
    useShell.getState().clearWaiting(view);
    void client.resetQueries({ queryKey: by ? keys.grouped(view, sort, by) : keys.list(view, sort), exact: true }).then(() => top.current?.scrollTo(0));
  }, [client, view, sort, by]);
  // An empty list has no rows that could jump: what arrives is drawn at once.
  useEffect(() => {
    if (waiting.length > 0 && !list.isPending && rows.length === 0) refresh();
  }, [waiting, rows.length, list.isPending, refresh]);
  // Drawn anew from the server: nothing waits any more.
  const drawing = list.isFetching && !list.isFetchingNextPage;
  useEffect(() => {
    if (!drawing) useShell.getState().clearWaiting(view);
  }, [drawing, view]);
  useEffect(() => () => useShell.getState().clearWaiting(view), [view]);

  const chooseSort = (next: Sort) => {
    if (!isSaved(view)) localStorage.setItem('sonnim.sort', next);
    setSort(next);
  };
  const shown = {
    rows,
    label: title,
    source: { view, q: '' },
    handle: top,
    isGone: (c: (typeof rows)[number]) => !isSaved(view) && !inView(view, c, me),
    onEnd: () => void (list.hasNextPage && !list.isFetchingNextPage && list.fetchNextPage()),
    end: list.isFetchingNextPage ? <RowSkeletons n={2} /> : list.hasNextPage ? null : <div className="list-end">{t('app.list.end')}</div>,
    headings,
  };
  const pill =
    waiting.length > 0 && rows.length > 0 ? (
      <RawButton className="pill" onPress={refresh}>
        <Icon name="up" size={13} />
        {t('app.list.new', { count: waiting.length })}
      </RawButton>
    ) : null;

  return (
    <>
      <div className="hbar">
        {viewsOpen ? null : (
          <span className="desk-only hang">
            <IconButton icon="sidebar" label={t('app.show_views')} onPress={toggleViews} />
          </span>
        )}
        <ViewTitle title={title} />
        {total ? <span className="faint small num">{format.count(total)}</span> : null}
        <span className="grow" />
        <IconButton icon="search" label={t('app.command.search')} keys="/" onPress={() => void navigate(pathOf({ view: 'search' }))} />
        {mayReply ? <IconButton icon="pen" label={t('app.command.new')} keys="c" onPress={() => useShell.getState().set({ newConversation: true })} /> : null}
      </div>
      {phone ? <ViewChips /> : null}
      <div className="tools">
        <MenuLater
          label={t('app.sort.label')}
          groups={[
            {
              id: 'sort',
              items: SORTS.map((one) => ({
                id: one,
                label: t(`app.sort.${one}`),
                isSelected: sort === one,
                onAction: () => chooseSort(one),
              })),
            },
          ]}
        >
          <RawButton className="quiet-menu">
            {t(`app.sort.${sort}`)}
            <Icon name="down" size={13} />
          </RawButton>
        </MenuLater>
        {undivided ? <span className="faint t1">{t('view.undivided')}</span> : null}
        <span className="grow" />
        <span aria-live="polite">{pill}</span>
        <PickButton />
      </div>
      {isAway(list.failureReason) && away && rows.length === 0 ? (
        <Suspense>
          <OfflineStart onRetry={() => dispatchEvent(new globalThis.Event('online'))} />
        </Suspense>
      ) : list.isError && rows.length === 0 ? (
        <Broken error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <RowSkeletons />
      ) : rows.length === 0 ? (
        <EmptyView view={view} />
      ) : table ? (
        <Suspense>
          <Table {...shown} columns={columns} sort={sort} onSort={chooseSort} />
        </Suspense>
      ) : (
        <Rows {...shown} />
      )}
    </>
  );
}

/** What stands over the first row of each group that is drawn, with how many it holds now. */
function useHeadings(view: string, by: ViewGroup | null, pages: readonly GroupedPage[] | undefined): ReadonlyMap<string, Heading> | undefined {
  const { t } = useTranslation();
  const format = useFormat();
  const counts = useGroupCounts(view, by).data;
  return useMemo(() => {
    const plan = pages?.[0]?.plan;
    if (!by || !pages || !plan?.complete) return undefined;
    const headings = new Map<string, Heading>();
    const seen = new Set<number>();
    for (const page of pages)
      for (const { id } of page.items) {
        const place = page.places[id] ?? 0;
        const group = plan.groups[place];
        if (!group || seen.has(place)) continue;
        seen.add(place);
        const text = group.key === null ? t(`view.group.no_${by}`) : by === 'priority' || by === 'status' ? t(`app.${by}.${group.key}`) : (group.name ?? '');
        const now = counts?.items.find((one) => one.key === group.key);
        headings.set(id, { text, count: format.count(counts ? (now?.total ?? 0) : group.total) });
      }
    return headings;
  }, [by, pages, counts, t, format]);
}

/** Shows boxes beside the rows, or takes them away: for fingers, and for those who cannot see the rows. */
export function PickButton() {
  const { t } = useTranslation();
  const may = useMay('conversation.write');
  const picking = useBulk((s) => s.picking);
  if (!may) return null;
  return <IconButton icon="checks" size="s" label={t('app.pick.several')} keys="x" isOn={picking} onPress={() => useBulk.getState().setPicking(!picking)} />;
}

/** On narrow windows the title opens the views. */
function ViewTitle({ title }: { title: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = useMedia('(max-width: 939px)');
  const { view } = usePlace();
  const teams = useTeams().data ?? [];
  const inboxes = useInboxes().data ?? [];
  const counts = useCounts().data;
  const saved = useSavedViews().data ?? [];
  const hint = (n: number | undefined) => (n ? String(n) : undefined);
  const { id } = usePlace();
  // One first heading: the open conversation's subject, or else the view's name.
  const Title = id === null ? 'h1' : 'h2';
  if (!narrow) return <Title className="t1">{title}</Title>;
  const go = (key: string) => () => void navigate(pathOf({ view: key }));
  return (
    <Title className="t1">
      <MenuLater
        label={t('app.views')}
        groups={[
          {
            id: 'fixed',
            items: ALL_VIEWS.map((key) => ({
              id: key,
              label: t(`app.view.${key}`),
              icon: VIEW_ICONS[key],
              hint: hint(viewCount(counts, key)),
              isSelected: view === key,
              onAction: go(key),
            })),
          },
          {
            id: 'saved',
            title: t('view.saved_views'),
            items: saved.map((one) => ({ id: one.id, label: one.name, icon: 'filter' as const, isSelected: view === one.id, onAction: go(one.id) })),
          },
          {
            id: 'teams',
            title: t('app.teams'),
            items: teams.map((team) => ({ id: team.id, label: team.name, icon: 'people' as const, hint: hint(counts?.teams[team.id]), onAction: go(team.id) })),
          },
          {
            id: 'inboxes',
            title: t('app.inboxes'),
            items: inboxes.map((inbox) => ({
              id: inbox.id,
              label: inbox.name,
              icon: 'mail' as const,
              hint: hint(counts?.inboxes[inbox.id]),
              onAction: go(inbox.id),
            })),
          },
        ]}
      >
        <RawButton className="list-title">
          <span className="t1">{title}</span>
          <Icon name="down" />
        </RawButton>
      </MenuLater>
    </Title>
  );
}

function ViewChips() {
  const { t } = useTranslation();
  const { view } = usePlace();
  const counts = useCounts().data;
  const strip = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view is another chip
  useEffect(() => {
    // What it gives back (a promise, in newer browsers) is nothing to tidy up with.
    strip.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [view]);
  return (
    <nav ref={strip} className="chips" aria-label={t('app.views')}>
      {ALL_VIEWS.map((key) => (
        <Link key={key} to={pathOf({ view: key })} aria-current={view === key ? 'page' : undefined}>
          {t(`app.view.${key}`)}
          {viewCount(counts, key) ? <span className="n">{viewCount(counts, key)}</span> : null}
        </Link>
      ))}
    </nav>
  );
}

export function RowSkeletons({ n = 9 }: { n?: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: n }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: stand-ins have no identity
        <div className="row-skel" key={i}>
          <Skeleton width={32} height={32} round />
          <span>
            <Skeleton width="40%" height={10} />
            <Skeleton height={10} />
            <Skeleton width="70%" height={10} />
          </span>
        </div>
      ))}
    </div>
  );
}

function EmptyView({ view }: { view: string }) {
  const { t } = useTranslation();
  const phone = usePhone();
  return <div className="pane-empty">{phone ? <NothingHere view={view} /> : <p className="faint small">{t('app.list.empty')}</p>}</div>;
}
