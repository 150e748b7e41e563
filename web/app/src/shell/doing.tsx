import { lazy, memo, Suspense, useEffect } from 'react';
import { recentBulk } from '../bulk/queries';
import { useBulk } from '../bulk/selection';
import { needArea } from '../i18n';
import { useMay } from '../session/queries';
import { useCommands } from './commands';
import { usePlaces } from './places';
import { useShell } from './state';
import { useShortcuts } from './use-shortcuts';

const Palette = lazy(() => import('./palette'));
const Help = lazy(() => import('./help'));
const BulkTray = lazy(() => Promise.all([import('../bulk/tray'), needArea('bulk')]).then(([tray]) => tray));
const Routing = lazy(() => Promise.all([import('../routing/doing'), needArea('routing')]).then(([routing]) => routing));
const Visitors = lazy(() => Promise.all([import('../visitor/doing'), needArea('visitor')]).then(([visitors]) => visitors));
const NewConversation = lazy(() => import('../conversation/new'));

/** What one began and a reload interrupted the sight of. */
function useUnfinishedBulk(): void {
  const may = useMay('conversation.write');
  useEffect(() => {
    if (!may) return;
    recentBulk().then(
      (all) => {
        for (const one of all) if (one.state === 'running' || one.state === 'undoing') useBulk.getState().watch(one.id);
      },
      () => undefined,
    );
  }, [may]);
}

/** Shortcuts, and what they open. Comes right after the first screen. */
function Doing() {
  const commands = useCommands();
  useShortcuts(commands);
  usePlaces();
  const watching = useBulk((s) => s.watched.length > 0);
  useUnfinishedBulk();
  const palette = useShell((s) => s.palette);
  const help = useShell((s) => s.help);
  const newConversation = useShell((s) => s.newConversation);
  const { set } = useShell.getState();
  return (
    <Suspense>
      {useMay('conversation.reply') ? <Routing /> : null}
      {useMay('visitor.invite') ? <Visitors /> : null}
      {palette ? <Palette commands={commands} /> : null}
      {help ? <Help commands={commands} onClose={() => set({ help: false })} /> : null}
      {watching ? <BulkTray /> : null}
      {newConversation ? <NewConversation onClose={() => set({ newConversation: false })} /> : null}
    </Suspense>
  );
}

export default memo(Doing);
