import type { ConnectionState, Inbox } from '@api';

/** How an inbox is as a whole: its worse side decides. */
export function healthOf(inbox: Pick<Inbox, 'connection'>): ConnectionState {
  const { incoming, outgoing } = inbox.connection.status;
  const states = [incoming.state, outgoing.state];
  for (const state of ['failing', 'waiting', 'off'] as const)
    if (states.includes(state)) return state === 'off' && states.includes('ok') && inbox.connection.incoming.kind === 'delivered' ? 'ok' : state;
  return 'ok';
}
