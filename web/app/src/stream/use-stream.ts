import { announceSignedOut, openStream, type StreamItem } from '@api';
import { notifyManager, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { MY_CHATS } from '../chat/queries';
import { hearVisitor, VISITOR_SIGNS } from '../chat/signs';
import { keys } from '../conversation/cache';
import { wroteDraft } from '../conversation/draft-writes';
import { ringFor, sayOnTime, showOnDesktop } from '../notification/desktop';
import { useMe } from '../session/queries';
import { useShell } from '../shell/state';
import { peekInto } from '../view/peek';
import { applyBatch } from './apply';

/** Follows the event stream while somebody is signed in, and keeps the screen true. */
export function useStream(): void {
  const client = useQueryClient();
  const { t } = useTranslation();
  const { agent, cursor } = useMe();
  const me = agent.id;
  // From before the lists were read: what happened while they were on their way is not missed.
  const place = useRef(cursor);
  useEffect(() => {
    let countsTimer: ReturnType<typeof setTimeout> | undefined;
    let countedAt = Number.NEGATIVE_INFINITY;
    let chats = false;
    // Soon after a quiet moment; while much happens, once a second.
    const refreshCounts = () => {
      countsTimer ??= setTimeout(
        () => {
          countsTimer = undefined;
          countedAt = performance.now();
          void client.invalidateQueries({ queryKey: keys.counts });
          if (chats) void client.invalidateQueries({ queryKey: MY_CHATS });
          chats = false;
        },
        performance.now() - countedAt < 1000 ? 1000 : 250,
      );
    };
    let peekTimer: ReturnType<typeof setTimeout> | undefined;
    const toPeek = new Set<string>();
    const peek = () => {
      peekTimer ??= setTimeout(() => {
        peekTimer = undefined;
        for (const view of toPeek) void peekInto(client, view, useShell.getState().addWaiting);
        toPeek.clear();
        void client.invalidateQueries({ queryKey: ['view-counts'] });
        void client.invalidateQueries({ queryKey: ['conversation-groups'] });
      }, 1000);
    };
    const presence = (item: StreamItem) => {
      const inner = (item.event?.data ?? item.data) as {
        conversation_id?: string;
        agent?: { id: string; name: string };
        state?: 'viewing' | 'typing' | 'left';
      };
      if (!inner.conversation_id || !inner.agent || !inner.state || inner.agent.id === me) return;
      const {
        conversation_id: conversation,
        agent,
        state,
      } = inner as { conversation_id: string; agent: { id: string; name: string }; state: 'viewing' | 'typing' | 'left' };
      const { setPresence } = useShell.getState();
      if (state === 'left') return setPresence(conversation, { id: agent.id, state });
      const at = Date.now();
      setPresence(conversation, { ...agent, state, at });
      // Whoever types says so again every few seconds; silence means reading.
      if (state === 'typing')
        setTimeout(() => {
          const still = useShell.getState().presence[conversation]?.find((one) => one.id === agent.id);
          if (still?.state === 'typing' && still.at === at) setPresence(conversation, { ...agent, state: 'viewing', at });
        }, 6500);
    };
    const close = openStream({
      after: place.current,
      onPlace: (at) => {
        place.current = at;
      },
      onState: (state) => {
        useShell.getState().setConnection(state);
        if (state !== 'live') return;
        // What the lost connection stopped goes on: uploads, drafts, and what could not be loaded.
        dispatchEvent(new globalThis.Event('sonnim:live'));
        void client.refetchQueries({ type: 'active', predicate: (query) => query.state.status === 'error' });
      },
      onSignedOut: announceSignedOut,
      onReload: () => void client.invalidateQueries(),
      // The screen is drawn once for all of it, not for each thing that it changes.
      onBatch: (items) =>
        notifyManager.batch(() => {
          for (const item of items) if (item.kind === 'presence') presence(item);
          for (const item of items) if (VISITOR_SIGNS.includes(item.kind)) hearVisitor(client, item);
          const applied = applyBatch(
            client,
            items.filter((item) => item.kind !== 'presence' && !VISITOR_SIGNS.includes(item.kind)),
            me,
          );
          const shell = useShell.getState();
          if (items.some((item) => item.kind === 'notification.changed')) {
            showOnDesktop(t, items);
            ringFor(client, items);
            sayOnTime(t, items);
          }
          for (const [view, ids] of applied.waiting) shell.addWaiting(view, [...ids]);
          for (const view of applied.savedViews) toPeek.add(view);
          if (items.some((item) => item.conversation?.channel === 'chat')) chats = true;
          if (applied.countsChanged) {
            refreshCounts();
            peek();
          }
          for (const id of applied.draftsChanged) if (!wroteDraft(id)) void client.invalidateQueries({ queryKey: keys.draft(id) });
          const last = applied.arrived.at(-1);
          if (last) shell.announce(t(last.note ? 'app.live.note' : 'app.live.message', { name: last.from }));
        }),
    });
    return () => {
      clearTimeout(countsTimer);
      clearTimeout(peekTimer);
      close();
    };
  }, [client, me, t]);
}
