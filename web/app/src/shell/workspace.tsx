import { lazy, Suspense, useEffect } from 'react';
import { ConversationListPane } from '../conversation/list';
import { ThreadPane } from '../conversation/pane';
import { useConversation } from '../conversation/queries';
import { useTable } from '../conversation/use-table';

import { useAsk } from '../field/ask';
import { useFields } from '../field/queries';

import { useSide } from '../side/state';

import { usePlace } from './place';
import { useShell } from './state';
import { useWide } from './use-media';
import { Views } from './views';

const contextPart = () => import('../customer/context');
const ContextPanel = lazy(() => contextPart().then((part) => ({ default: part.ContextPanel })));

const AskDialog = lazy(() => import('../field/ask-dialog'));
const ContextSheet = lazy(() => import('../customer/context-sheet'));

/** The inbox: views, list, thread, context. */
export function Workspace() {
  const { id } = usePlace();
  const wide = useWide();
  const table = useTable();
  const viewsOpen = useShell((s) => s.viewsOpen);
  const contextOpen = useShell((s) => s.contextOpen);
  const sheetOpen = useShell((s) => s.sheetOpen);
  const { setSheet } = useShell.getState();
  // Known before the first conversation is resolved, so that it asks at once for what is missing.
  useFields();
  const asked = useAsk((s) => s.open);
  const { data: conversation, isError } = useConversation(id ?? undefined);
  const customer = id ? conversation?.customer.id : undefined;
  const context = id !== null && contextOpen && !(isError && !conversation);
  // Another conversation closes the sheet, and what stood beside the last one, unless it was opened for this one.
  useEffect(() => {
    const { open, show } = useSide.getState();
    const meant = open !== null && open.parent === id;
    if (open && !meant) show(null);
    setSheet(meant && !wide);
  }, [id, wide, setSheet]);
  return (
    <div className="desk" data-views={viewsOpen ? 'on' : 'off'} data-context={context ? 'on' : 'off'} data-table={table ? 'on' : undefined}>
      <Views />
      <ConversationListPane />
      {table ? null : <ThreadPane />}
      {wide && context ? (
        <Suspense fallback={<aside className="col context" />}>
          <ContextPanel customerId={customer} conversationId={id} />
        </Suspense>
      ) : null}
      {!wide && sheetOpen && id !== null ? (
        <Suspense>
          <ContextSheet customerId={customer} conversationId={id} onClose={() => setSheet(false)} />
        </Suspense>
      ) : null}
      {asked ? (
        <Suspense>
          <AskDialog key={asked.id} asked={asked} />
        </Suspense>
      ) : null}
    </div>
  );
}
