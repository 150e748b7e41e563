import './thread.css';
import { type ConversationDetail, Problem, type TimelineItem } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Empty, IconButton, Skeleton } from '@ui';
import { lazy, Suspense, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useWatch } from '../chat/watch';
import { needArea } from '../i18n';
import { readNotifications, useNotifications } from '../notification/queries';
import { useMe } from '../session/queries';
import { Broken } from '../shell/broken';
import { pathOf, usePlace } from '../shell/place';
import { useShell } from '../shell/state';
import { useWide } from '../shell/use-media';
import { openSide } from '../side/state';
import { WorkDialogs } from '../work/dialogs';
import { EventLinks } from '../work/event-links';
import { ShelfBanner } from '../work/shelf-banner';
import { Composer } from './composer';
import { EventView } from './event-line';
import { FindBar } from './find-bar';
import { ThreadHeader } from './header';
import { MessageView } from './message';
import { sendPresence, useConversation, useTimeline } from './queries';
import { ThreadSkeleton } from './thread-skeleton';
import { firstUnread, ordered, withWaiting } from './timeline';
import { useActions } from './use-actions';
import { useWaiting } from './use-outbox';

const WatchBar = lazy(() => Promise.all([import('../chat/watch-bar'), needArea('chat')]).then(([part]) => part));
const ChatLine = lazy(() => Promise.all([import('../chat/line'), needArea('chat')]).then(([part]) => part));

/** One conversation: its head, its messages, and where one answers. */
export default function Thread({ id }: { id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const place = usePlace();
  const conversation = useConversation(id);
  const timeline = useTimeline(id);
  const actions = useActions();
  const waiting = useWaiting(id);
  const items = useMemo(() => withWaiting(ordered(timeline.data?.pages ?? []), waiting), [timeline.data, waiting]);
  const lastMessage = useMemo(() => items.findLast((item) => item.type === 'message' && !item.message.id.startsWith('temp_')), [items]);
  const c = conversation.data;

  // Whoever only watches gives no sign of it.
  const me = useMe().agent.id;
  const watching = useWatch((s) => s.id === id) && c?.assignee?.id !== me;
  useEffect(() => {
    if (watching) return;
    sendPresence(id, false);
    const timer = setInterval(() => !document.hidden && sendPresence(id, false), 30_000);
    return () => clearInterval(timer);
  }, [id, watching]);
  // Read means seen: the page is visible and the words are there.
  const unread = c?.unread ?? false;
  const ready = timeline.isSuccess;
  useEffect(() => {
    if (!unread || !ready) return;
    const mark = () => !document.hidden && void actions.markRead(id, true, watching);
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [unread, ready, id, actions, watching]);

  const into = c?.merged_into ?? null;
  useEffect(() => {
    if (into) void navigate(pathOf({ ...place, id: into }), { replace: true });
  }, [into, navigate, place]);
  // A side conversation stands beside its parent.
  const wide = useWide();
  const parent = c?.beside?.id ?? null;
  useEffect(() => {
    if (!parent) return;
    openSide(parent, id, wide);
    void navigate(pathOf({ ...place, id: parent }), { replace: true });
  }, [parent, id, wide, navigate, place]);
  // Who looks at it has been told.
  const client = useQueryClient();
  const told = useNotifications().data?.items.some((n) => n.read_at === null && n.conversation.id === id) ?? false;
  useEffect(() => {
    if (!told || !ready) return;
    const mark = () => !document.hidden && void readNotifications(client, { conversation_id: id, until: null });
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [told, ready, id, client]);

  if (conversation.isError && !c) {
    const gone = conversation.error instanceof Problem && conversation.error.status === 404;
    if (gone)
      return (
        <div className="pane-empty">
          <Empty
            icon="search"
            title={t('app.gone.title')}
            action={<Button onPress={() => void navigate(pathOf({ ...place, id: null }))}>{t('app.back')}</Button>}
          >
            {t('app.gone.text')}
          </Empty>
        </div>
      );
    return <Broken error={conversation.error} onRetry={() => void conversation.refetch()} />;
  }
  if (!c) return <ThreadSkeleton />;
  return (
    <>
      <ThreadHeader conversation={c} />
      {timeline.isError && items.length === 0 ? <Broken error={timeline.error} onRetry={() => void timeline.refetch()} /> : null}
      {timeline.isPending ? (
        <ThreadSkeleton />
      ) : (
        <Messages
          conversation={c}
          items={items}
          onOlder={timeline.hasNextPage && !timeline.isFetchingNextPage ? () => void timeline.fetchNextPage() : undefined}
          isFetching={timeline.isFetchingNextPage}
        />
      )}
      <ShelfBanner conversation={c} />
      <WorkDialogs conversation={c} />
      {c.chat ? (
        <Suspense>
          <ChatLine conversation={{ ...c, chat: c.chat }} />
        </Suspense>
      ) : null}
      {conversation.isPlaceholderData || c.shelf ? null : watching ? (
        <Suspense>
          <WatchBar conversation={c} />
        </Suspense>
      ) : (
        <Composer conversation={c} lastMessageId={lastMessage?.type === 'message' ? lastMessage.message.id : null} />
      )}
    </>
  );
}

const NEAR = 80;

function Messages({
  conversation,
  items,
  onOlder,
  isFetching,
}: {
  conversation: ConversationDetail;
  items: TimelineItem[];
  onOlder?: () => void;
  isFetching: boolean;
}) {
  const { t } = useTranslation();
  const me = useMe().agent.id;
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [away, setAway] = useState(false);
  const finding = useShell((s) => s.findText !== null);
  useEffect(() => () => useShell.getState().setFind(null), []);
  // Fixed when opened: reading must not move the line away from under the reader.
  const [unreadAt] = useState(() => (conversation.unread ? firstUnread(items) : null));
  const seenAt = useMemo(() => lastSeen(items, conversation.chat?.customer_read ?? null), [items, conversation.chat?.customer_read]);
  const firstId = items[0] ? itemId(items[0]) : '';
  const lastId = items.at(-1) ? itemId(items.at(-1) as TimelineItem) : '';
  const before = useRef({ firstId: '', height: 0, lastId: '' });

  useLayoutEffect(() => {
    const scroller = box.current;
    if (!scroller) return;
    const was = before.current;
    if (was.firstId === '') {
      const line = scroller.querySelector('.unread-line');
      if (line instanceof HTMLElement) scroller.scrollTop = line.offsetTop - 60;
      else scroller.scrollTop = scroller.scrollHeight;
    } else if (was.firstId !== firstId) scroller.scrollTop += scroller.scrollHeight - was.height;
    else if (was.lastId !== lastId && atEnd.current) scroller.scrollTop = scroller.scrollHeight;
    before.current = { firstId, lastId, height: scroller.scrollHeight };
  }, [firstId, lastId]);

  // Pictures and the composer change heights: who was at the end stays there.
  useEffect(() => {
    const scroller = box.current;
    const inner = scroller?.firstElementChild;
    if (!scroller || !inner) return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) scroller.scrollTop = scroller.scrollHeight;
      before.current.height = scroller.scrollHeight;
    });
    observer.observe(inner);
    observer.observe(scroller);
    return () => observer.disconnect();
  }, []);

  return (
    <div style={{ position: 'relative', flex: 1, minHeight: 0, display: 'flex' }}>
      <div
        ref={box}
        className="scroll"
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR;
          setAway(scrollHeight - scrollTop - clientHeight > clientHeight);
          if (scrollTop < 400) onOlder?.();
        }}
      >
        <div className="thread">
          {isFetching ? <Skeleton width="50%" /> : null}
          {onOlder && !isFetching ? (
            <div className="list-end">
              <Button kind="quiet" size="s" onPress={onOlder}>
                {t('app.older')}
              </Button>
            </div>
          ) : null}
          {items.map((item) => {
            const key = itemId(item);
            return <ThreadItem key={key} item={item} me={me} isUnreadStart={key === unreadAt} isSeen={key === seenAt} />;
          })}
        </div>
      </div>
      {finding ? <FindBar scroller={box} onOlder={onOlder} isFetching={isFetching} /> : null}
      {away ? (
        <div style={{ position: 'absolute', bottom: 0, insetInline: 0 }}>
          <span className="to-end ib" style={{ bottom: 10 }}>
            <IconButton
              icon="down"
              label={t('app.to_end')}
              onPress={() => {
                box.current?.scrollTo({ top: box.current.scrollHeight });
              }}
            />
          </span>
        </div>
      ) : null}
    </div>
  );
}

function ThreadItem({ item, me, isUnreadStart, isSeen }: { item: TimelineItem; me: string; isUnreadStart: boolean; isSeen: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {isUnreadStart ? <div className="unread-line">{t('app.new_messages')}</div> : null}
      {item.type === 'message' ? (
        <MessageView message={item.message} mine={item.message.author.id === me} seen={isSeen} />
      ) : (
        <>
          <EventView event={item.event} />
          <EventLinks event={item.event} />
        </>
      )}
    </>
  );
}

/** The newest answer that the customer of a chat has seen. Ids rise with time. */
function lastSeen(items: readonly TimelineItem[], read: string | null): string | null {
  if (!read) return null;
  const seen = items.findLast((item) => item.type === 'message' && item.message.kind === 'reply' && item.message.id <= read);
  return seen ? itemId(seen) : null;
}

const itemId = (item: TimelineItem): string => (item.type === 'message' ? item.message.id : item.event.id);
