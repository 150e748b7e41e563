import { get, type Message, type Page, type TimelineItem } from '@api';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { toast } from '@ui';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { useShell } from '../shell/state';
import { keys, putTimelineItem, settleMessage, type TimelinePages } from './cache';
import { plainText } from './checks';
import { flush, type Outgoing, openOutbox, remove, standInOf, useOutbox } from './outbox';

/** Told on the window when a message that waited has gone out. */
export interface Sent {
  one: Outgoing;
  message: Message;
}

/** Looks for a message of ours that the server took without being able to say so. */
export async function findSent(one: Outgoing, me: string): Promise<Message | null> {
  const { items } = await get<Page<Message>>(`/conversations/${one.conversation}/messages`, { query: { limit: 20 } });
  const words = plainText(one.written.html);
  // The server's clock may be a little behind ours.
  const since = new Date(new Date(one.at).getTime() - 120_000).toISOString();
  const same = (m: Message) => m.author.id === me && m.kind === one.written.kind && m.created_at > since && plainText(m.html ?? '').startsWith(words);
  return items.find(same) ?? null;
}

/** Keeps the outbox moving while somebody is signed in: on each return of the connection, and now and then. */
export function useOutboxRunner(): void {
  const client = useQueryClient();
  const { t } = useTranslation();
  const me = useMe().agent;
  const live = useShell((s) => s.connection === 'live');
  const waiting = useOutbox((s) => s.items.some((one) => one.state === 'waiting'));
  useEffect(() => openOutbox(me.id), [me.id]);
  useEffect(() => {
    if (!live || !waiting) return;
    let sent = 0;
    const run = () =>
      void flush(
        (one) => findSent(one, me.id),
        (one, message) => {
          sent += 1;
          client.setQueryData<TimelinePages>(keys.timeline(one.conversation), (data) => {
            const standIn: TimelineItem = { type: 'message', message: standInOf(one, me) };
            return settleMessage(putTimelineItem(data, standIn), one.id, message);
          });
          // It took the server's draft with it; what was written since is a new one.
          dispatchEvent(new CustomEvent<Sent>('sonnim:sent', { detail: { one, message } }));
        },
        (problem) => toast(t('app.outbox.refused_why', { why: problemText(t, problem) }), { ms: 12_000 }),
      ).then(() => {
        if (sent > 0) toast(t('app.outbox.sent', { count: sent }));
        sent = 0;
      });
    run();
    const timer = setInterval(run, 10_000);
    return () => clearInterval(timer);
  }, [live, waiting, client, me, t]);
}

/** A conversation's messages that wait or were refused, as the thread shows them. */
export function useWaiting(conversation: string): Message[] {
  const me = useMe().agent;
  const items = useOutbox((s) => s.items);
  return useMemo(
    () => items.filter((one) => one.conversation === conversation && one.state !== 'sending').map((one) => standInOf(one, me)),
    [items, conversation, me],
  );
}

/** Takes a message out of the outbox; its words return to the composer. */
export function takeBack(client: QueryClient, one: Outgoing): void {
  remove(one.key);
  client.setQueryData<TimelinePages>(keys.timeline(one.conversation), (data) => settleMessage(data, one.id, null));
  useOutbox.setState({ back: one });
}
