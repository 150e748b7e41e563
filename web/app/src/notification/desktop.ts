import type { StreamItem } from '@api';
import type { QueryClient } from '@tanstack/react-query';
import { toast } from '@ui';
import type { TFunction } from 'i18next';
import { usePushHere } from './push-here';
import { notificationText, TOLD } from './words';

/**
 * Shows new notifications by the browser, when the agent wants that, the browser may, and nobody looks at the page. Where they are pushed
 * to this device, the service worker does it.
 */
export function showOnDesktop(t: TFunction, items: readonly StreamItem[]): void {
  if (usePushHere.getState().on || typeof globalThis.Notification === 'undefined' || globalThis.Notification.permission !== 'granted' || !document.hidden)
    return;
  for (const item of items) {
    const { event, conversation } = item;
    const about = TOLD.find((kind) => kind === event?.data.about);
    if (item.kind !== 'notification.changed' || !event || !about || event.data.desktop !== true || !conversation) continue;
    const shown = new globalThis.Notification(notificationText(t, about, event.actor.name), {
      body: `#${conversation.number} ${conversation.subject}`,
      tag: conversation.id,
    });
    shown.onclick = () => {
      focus();
      location.assign(`/conversations/${conversation.id}`);
    };
  }
}

/** Makes the sound of the newest of them, when the agent wants one and it is not quiet now. */
export function ringFor(client: QueryClient, items: readonly StreamItem[]): void {
  const news = items.findLast(
    (one) => one.kind === 'notification.changed' && typeof one.event?.data.notification === 'string' && one.event.data.quiet !== true,
  );
  const id = news?.event?.data.notification;
  if (typeof id !== 'string') return;
  void import('./sound').then(({ ring }) => ring(client, id, news?.event?.conversation_id ?? null)).catch(() => undefined);
}

/** Says what has its time just now to somebody who looks at the page: the bell alone would be missed, and is silent where the conversation is open. */
export function sayOnTime(t: TFunction, items: readonly StreamItem[]): void {
  if (document.hidden) return;
  for (const { kind, event, conversation } of items) {
    const about = event?.data.about;
    if (kind !== 'notification.changed' || !conversation || (about !== 'reminder' && about !== 'due')) continue;
    toast(`${notificationText(t, about, '')}: #${conversation.number} ${conversation.subject}`, { ms: 15_000 });
  }
}
