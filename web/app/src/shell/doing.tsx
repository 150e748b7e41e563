import { lazy, Suspense } from 'react';
import { useCommands } from './commands';
import { useShell } from './state';
import { useShortcuts } from './use-shortcuts';

const Palette = lazy(() => import('./palette'));
const Help = lazy(() => import('./help'));
const NewConversation = lazy(() => import('../conversation/new'));

/** Shortcuts, and what they open. Comes right after the first screen. */
export default function Doing() {
  const commands = useCommands();
  useShortcuts(commands);
  const { palette, help, newConversation, set } = useShell();
  return (
    <Suspense>
      {palette ? <Palette commands={commands} /> : null}
      {help ? <Help commands={commands} onClose={() => set({ help: false })} /> : null}
      {newConversation ? <NewConversation onClose={() => set({ newConversation: false })} /> : null}
    </Suspense>
  );
}
