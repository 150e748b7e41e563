import { type Conversation, type ConversationCounts, Problem } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Icon, IconButton, MenuLater, Skeleton } from '@ui';
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { VList, type VListHandle } from 'virtua';
import { useBulk } from '../bulk/selection';
import { useLongPress } from '../bulk/use-long-press';
import { needArea } from '../i18n';
import { useFormat } from '../i18n/use-format';
import { useInboxes, useTeams } from '../people/queries';
import { useMay, useMe } from '../session/queries';
import { Broken } from '../shell/broken';
import { pathOf, usePlace } from '../shell/place';
import { useShell } from '../shell/state';
import { useMedia, usePhone } from '../shell/use-media';
import { useSavedViews } from '../view/queries';
import { keys } from './cache';
import { NothingHere } from './nothing-here';
import { prefetchConversation, useConversationList, useCounts } from './queries';
import { Row } from './row';
import { FIXED, type FixedView, INVOLVED, inView, isFixed, isSaved, SHELVES, type Sort, VIEW_ICONS } from './views';

const SearchResults = lazy(() => import('./search'));
const BulkBar = lazy(() => Promise.all([import('../bulk/bar'), needArea('bulk'), needArea('library')]).then(([bar]) => bar));
const OfflineStart = lazy(() => import('../pwa/offline-start'));
const isAway = (error: unknown): boolean => error instanceof Problem && error.isOffline;
const NO_IDS: string[] = [];
const ALL_VIEWS = [...FIXED.filter((key) => key !== 'resolved'), ...INVOLVED, 'resolved', ...SHELVES] as const;

/** The number beside a view; none where it would only grow. */
function viewCount(counts: ConversationCounts | undefined, view: (typeof ALL_VIEWS)[number]): number | undefined {
  return view === 'resolved' || view === 'trash' || view === 'mentions' || view === 'following' ? undefined : counts?.[view];
}

/** The list pane: title, sorting, the "2 new" pill and the rows, or search results. */
export function ConversationListPane() {
  const { view, id } = usePlace();
  const { t } = useTranslation();
  const phone = usePhone();
  return (
    <section className="col list" aria-label={t('app.conversations')} role={phone && id === null ? 'main' : undefined}>
      {view === 'search' ? (
        <Suspense>
          <SearchResults />
        </Suspense>
      ) : (
        <ViewList key={view} view={view} />
      )}
    </section>
  );
}

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

function useRowHeight(): number {
  const [height, setHeight] = useState(70);
  const density = useMe().agent.preferences.density;
  const phone = usePhone();
  const coarse = useMedia('(pointer: coarse)');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the token changes with these
  useEffect(() => {
    setHeight(Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--h-row'), 10) || 70);
  }, [density, phone, coarse]);
  return height;
}

function ViewList({ view }: { view: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useMe().agent.id;
  const mayReply = useMay('conversation.reply');
  const navigate = useNavigate();
  const phone = usePhone();
  // A saved view has its own order until another is chosen.
  const own = useSavedViews().data?.find((one) => one.id === view)?.sort;
  const [chosen, setSort] = useState<Sort | null>(isSaved(view) ? null : ((localStorage.getItem('sonnim.sort') as Sort | null) ?? 'newest'));
  const sort = chosen ?? own ?? 'newest';
  const list = useConversationList(view, sort);
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
  const top = useRef<VListHandle>(null);
  const involved = view === 'mentions' || view === 'following';
  const total = involved ? undefined : isFixed(view) ? counts?.[view as keyof ConversationCounts & FixedView] : (counts?.teams[view] ?? counts?.inboxes[view]);

  const refresh = useCallback(() => {
    useShell.getState().clearWaiting(view);
    void client.resetQueries({ queryKey: keys.list(view, sort) }).then(() => top.current?.scrollTo(0));
  }, [client, view, sort]);
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
              items: (['newest', 'oldest', 'waiting', 'due'] as const).map((one) => ({
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
      ) : (
        <Rows
          rows={rows}
          label={title}
          source={{ view, q: '' }}
          handle={top}
          isGone={(c) => !isSaved(view) && !inView(view, c, me)}
          onEnd={() => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage()}
          end={list.isFetchingNextPage ? <RowSkeletons n={2} /> : list.hasNextPage ? null : <div className="list-end">{t('app.list.end')}</div>}
        />
      )}
    </>
  );
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
  useEffect(() => strip.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [view]);
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

export interface RowsProps {
  rows: readonly Conversation[];
  label: string;
  handle?: React.RefObject<VListHandle | null>;
  isGone: (c: Conversation) => boolean;
  onEnd?: () => void;
  end?: ReactNode;
  preview?: (c: Conversation) => ReactNode;
  /** Which list it is, where several can be picked for work on all of them. */
  source: { view: string; q: string };
  /** The subject with what was found in it. */
  subject?: (c: Conversation) => ReactNode;
}

/** The rows as one list box: one tab stop, arrows and Home/End move, Enter opens. */
export function Rows({ rows, label, handle, isGone, onEnd, end, preview, source, subject }: RowsProps) {
  const place = usePlace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const format = useFormat();
  const height = useRowHeight();
  const own = useRef<VListHandle>(null);
  const virtual = handle ?? own;
  const hover = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const cursor = useShell((s) => s.list.cursor);
  const may = useMay('conversation.write');
  const picked = useBulk((s) => s.ids);
  const picking = useBulk((s) => s.picking);
  const { view, q } = source;
  // Another list is another pick.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the list is another one
  useEffect(() => useBulk.getState().clear, [view, q]);
  const setList = useShell((s) => s.setList);
  const ids = useMemo(() => rows.map((c) => c.id), [rows]);

  // Before the rows are painted: a key pressed at the sight of them already moves among them.
  useLayoutEffect(() => {
    const { cursor: before } = useShell.getState().list;
    setList({ ids, cursor: place.id ?? (before && ids.includes(before) ? before : null) });
  }, [ids, place.id, setList]);
  useEffect(() => {
    const at = cursor ? ids.indexOf(cursor) : -1;
    if (at >= 0) virtual.current?.scrollToIndex(at, { align: 'nearest' });
  }, [cursor, ids, virtual]);

  const open = useCallback(
    (id: string) => {
      document.getElementById('rows')?.focus({ preventScroll: true });
      void navigate(pathOf({ ...place, id }));
    },
    [navigate, place],
  );
  const warm = useCallback(
    (id: string) => {
      clearTimeout(hover.current);
      hover.current = setTimeout(() => prefetchConversation(client, id), 80);
    },
    [client],
  );
  const pick = useCallback(
    (id: string, range: boolean) => {
      const { cursor: from } = useShell.getState().list;
      if (range) useBulk.getState().extend(ids, from, id);
      else useBulk.getState().toggle(id);
      setList({ ids, cursor: id });
    },
    [ids, setList],
  );
  const longPress = useLongPress((id) => pick(id, false), may);
  const move = (to: number) => {
    const id = ids[Math.max(0, Math.min(ids.length - 1, to))];
    if (id) setList({ ids, cursor: id });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor ? ids.indexOf(cursor) : -1;
    if (may && event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const to = ids[event.key === 'ArrowDown' ? at + 1 : at - 1];
      if (to) pick(to, true);
    } else if (may && (event.ctrlKey || event.metaKey) && event.key === 'a') useBulk.getState().pickAll(ids);
    else if (event.key === 'ArrowDown') move(at + 1);
    else if (event.key === 'ArrowUp') move(at <= 0 ? 0 : at - 1);
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(ids.length - 1);
    else if (event.key === 'PageDown') move(at + 8);
    else if (event.key === 'PageUp') move(at - 8);
    else if ((event.key === 'Enter' || event.key === ' ') && cursor) open(cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <VList
        ref={virtual}
        {...longPress}
        data-picking={picking || undefined}
        aria-multiselectable={picking || undefined}
        className="rows scroll"
        id="rows"
        role="listbox"
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={cursor ? `row-${cursor}` : undefined}
        onKeyDown={onKeyDown}
        onFocus={() => cursor === null && move(0)}
        style={{ height: 'auto' }}
        itemSize={height}
        bufferSize={400}
        onScroll={(offset) => {
          const list = virtual.current;
          if (list && list.scrollSize - offset - list.viewportSize < 800) onEnd?.();
        }}
      >
        {rows.map((c, index) => (
          <div key={c.id} role="presentation">
            <Row
              conversation={c}
              format={format}
              href={pathOf({ ...place, id: c.id })}
              index={index}
              total={rows.length}
              isSelected={place.id === c.id}
              isCursor={cursor === c.id}
              isGone={isGone(c)}
              preview={preview?.(c)}
              subject={subject?.(c)}
              onOpen={open}
              onHover={warm}
              isPicked={may ? picked.has(c.id) : null}
              isPicking={picking}
              onPick={pick}
            />
          </div>
        ))}
        {end ? <div role="presentation">{end}</div> : null}
      </VList>
      {picking ? (
        <Suspense>
          <BulkBar view={view} q={q} ids={ids} />
        </Suspense>
      ) : null}
    </>
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
