import { get, type NotificationList, type NotificationSettings, type NotificationsRead, put } from '@api';
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export const NOTIFICATIONS = ['notifications'] as const;

/** The newest notifications, and how many are unread. */
export const useNotifications = () =>
  useQuery({ queryKey: NOTIFICATIONS, queryFn: () => get<NotificationList>('/notifications', { query: { limit: 30 } }), staleTime: Number.POSITIVE_INFINITY });

/** Marks notifications as read: those about a conversation, or all up to one. They look so at once. */
export async function readNotifications(client: QueryClient, what: NotificationsRead): Promise<void> {
  const hit = (n: NotificationList['items'][number]) => n.read_at === null && (!what.conversation_id || n.conversation.id === what.conversation_id);
  const now = new Date().toISOString();
  client.setQueryData<NotificationList>(NOTIFICATIONS, (list) => {
    if (!list) return list;
    const read = list.items.filter(hit).length;
    const unread = what.conversation_id ? Math.max(0, list.unread - read) : 0;
    return { ...list, unread, items: list.items.map((n) => (hit(n) ? { ...n, read_at: now } : n)) };
  });
  // The stream brings how it is then; losing this one is harmless.
  await put('/notifications/read', what).catch(() => undefined);
}

export const useNotificationSettings = () =>
  useQuery({ queryKey: ['notification-settings'], queryFn: () => get<NotificationSettings>('/notification-settings'), staleTime: Number.POSITIVE_INFINITY });

export function useSaveNotificationSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (settings: NotificationSettings) => put<NotificationSettings>('/notification-settings', settings),
    onSuccess: (settings) => client.setQueryData(['notification-settings'], settings),
  });
}
