import { type Agent, del, get, type Me, onSignedOut, type Preferences, Problem, patch } from '@api';
import { QueryObserver, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { forgetDrafts } from '../conversation/draft-kept';
import { clearOutbox } from '../conversation/outbox';
import { queryClient } from '../query-client';
import { useShell } from '../shell/state';

const REMEMBERED = 'sonnim.me';
/** Who was signed in is known from this device only, because the server cannot be reached. */
let guessed = false;

const remember = (me: Me | null): void => {
  try {
    if (me) localStorage.setItem(REMEMBERED, JSON.stringify(me));
    else localStorage.removeItem(REMEMBERED);
  } catch {
    // Without room for it, the app does not start without a network.
  }
};
const remembered = (): Me | null => {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED) ?? 'null') as Me | null;
  } catch {
    return null;
  }
};

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me | null> => {
    try {
      const me = await get<Me>('/session');
      remember(me);
      guessed = false;
      return me;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        remember(null);
        return null;
      }
      // Started without a network: the shell stands, with what was written here.
      const me = error instanceof Problem && error.isOffline ? remembered() : null;
      if (me) {
        guessed = true;
        useShell.setState({ wasLive: true });
        return me;
      }
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

// The first word of the server says whether that is still so.
if (typeof addEventListener === 'function') addEventListener('sonnim:live', () => guessed && void queryClient.invalidateQueries({ queryKey: ['me'] }));
onSignedOut(() => remember(null));

/** Who is signed in; `null` when nobody is. */
export const useSession = () => useQuery(meQuery);

/** Watches for all who ask: every message and many a button does, and an observer for each would cost more than they do. */
const watcher = new QueryObserver(queryClient, { ...meQuery, enabled: false });
const watch = (changed: () => void) => watcher.subscribe(changed);
const current = () => queryClient.getQueryData(meQuery.queryKey);

/** Whoever signs out is still who they were while the page is on its way to the sign-in form, also for what is drawn first just then. */
let last: Me | null | undefined;

/** Who is signed in, on pages that nobody sees otherwise. */
export function useMe(): Me {
  const data = useSyncExternalStore(watch, current);
  if (data) last = data;
  const me = data ?? last;
  if (!me) throw new Error('useMe outside the signed-in part');
  return me;
}

/** Whether the signed-in person may do something. */
export const useMay = (permission: string): boolean => useMe().permissions.includes(permission);

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => del('/session'),
    onSuccess: async () => {
      const me = client.getQueryData(meQuery.queryKey);
      // Nothing of what was written stays on a device that others may use.
      if (me) {
        forgetDrafts(me.agent.id);
        clearOutbox(me.agent.id);
        const files = import('../conversation/uploads-kept').then((kept) => kept.forgetUploads(me.agent.id)).catch(() => undefined);
        await Promise.race([files, new Promise((resolve) => setTimeout(resolve, 1000))]);
      }
      remember(null);
      location.assign('/sign-in');
    },
  });
}

/** Changes the signed-in agent's own settings; the screen follows at once. */
export function useUpdateMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<Pick<Agent, 'name' | 'language' | 'time_zone' | 'signature_html'>> & { preferences?: Preferences }) => {
      const me = client.getQueryData(meQuery.queryKey);
      return patch<Agent>(`/agents/${me?.agent.id}`, change);
    },
    onMutate: (change) => {
      const before = client.getQueryData<Me | null>(meQuery.queryKey);
      if (before) {
        const guess: Me = { ...before, agent: { ...before.agent, ...change } };
        client.setQueryData<Me | null>(['me'], () => guess);
      }
      return { before };
    },
    onError: (_error, _change, kept) => client.setQueryData<Me | null>(['me'], kept?.before),
    onSuccess: (agent) => client.setQueryData<Me | null>(['me'], (me: Me | null | undefined) => (me ? { ...me, agent } : me)),
  });
}
