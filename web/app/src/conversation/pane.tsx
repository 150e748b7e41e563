import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { Empty } from '@ui';
import { lazy, memo, Suspense, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useHasChats } from '../chat/queries';
import { needArea } from '../i18n';
import { Boundary } from '../shell/boundary';
import { pathOf, placeOf, usePlace } from '../shell/place';
import { useShell } from '../shell/state';
import { usePhone } from '../shell/use-media';
import { useSwipeBack } from '../shell/use-swipe-back';
import { NothingHere } from './nothing-here';
import { Picture } from './picture';
import { useCounts } from './queries';
import { ThreadSkeleton } from './thread-skeleton';

const ChatStrip = lazy(() => Promise.all([import('../chat/strip'), needArea('chat')]).then(([strip]) => strip));
const part = () => import('./thread');
const Thread = lazy(part);
/** Fetches the thread's code before it is wanted. */
export const warmThread = (): void => void part().catch(() => undefined);
// Straight to a conversation: its code comes beside the list's, not after it.
if (placeOf(location.pathname, location.search).id) warmThread();

/** The middle of the screen: one conversation, or what to do next. */
export const ThreadPane = memo(function ThreadPane() {
  const place = usePlace();
  const { id } = place;
  const phone = usePhone();
  const navigate = useNavigate();
  const main = useRef<HTMLElement>(null);
  useSwipeBack(main, phone && id !== null, () => void navigate(pathOf({ ...place, id: null })));
  return (
    <main ref={main} className="col main" id="main" tabIndex={-1} style={{ outline: 'none' }}>
      <Chats />
      {id ? (
        <Boundary resetKey={id}>
          <Suspense fallback={<ThreadSkeleton />}>
            <Thread key={id} id={id} />
          </Suspense>
        </Boundary>
      ) : (
        <NothingOpen />
      )}
    </main>
  );
});

/** The reader's chats, once there is one in sight. */
function Chats() {
  const known = useHasChats();
  if (!known) return null;
  return (
    <Suspense>
      <ChatStrip />
    </Suspense>
  );
}

/** Nothing is open: everyone has an answer, or choose somebody. */
function NothingOpen() {
  const { t } = useTranslation();
  const { view } = usePlace();
  const counts = useCounts().data;
  const ids = useShell((s) => s.list.ids);
  const rows = useIsFetching({ queryKey: ['conversations', view] });
  const client = useQueryClient();
  // Whether anybody waits is known once the list is there.
  const known = view === 'search' || (rows === 0 && client.getQueriesData({ queryKey: ['conversations', view] }).some(([, data]) => data !== undefined));
  if (!counts || (ids.length === 0 && !known)) return null;
  // Nothing was found, or nothing is asked yet: the list says so.
  if (view === 'search' && ids.length === 0)
    return (
      <div className="pane-empty">
        <Picture />
      </div>
    );
  if (ids.length > 0)
    return (
      <div className="pane-empty">
        <Empty picture={<Picture />} title={t('app.empty.choose')}>
          {t('app.empty.choose_hint')}
        </Empty>
      </div>
    );
  return (
    <div className="pane-empty">
      <NothingHere view={view} picture={<Picture />} />
    </div>
  );
}
