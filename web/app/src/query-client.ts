import { onSignedOut, Problem } from '@api';
import { QueryClient } from '@tanstack/react-query';

/** Tries again what may pass: a lost connection, a busy server. A refusal stays a refusal. */
const mayPass = (error: unknown): boolean => !(error instanceof Problem) || error.isOffline || error.status === 429 || error.status >= 500;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => mayPass(error) && failures < 4,
      retryDelay: (attempt, error) => (error instanceof Problem && error.retryAfter ? error.retryAfter * 1000 : Math.min(8000, 400 * 2 ** attempt)),
      // The event stream keeps what is on screen true; focus and reconnection need no second round.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      staleTime: 30_000,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

onSignedOut(() => {
  if (queryClient.getQueryData(['me'])) queryClient.setQueryData(['me'], null);
});
