import { type ConnectionForm, type ConnectionTest, get, type Inbox, type InboxPatch, patch, post, put } from '@api';
import { useMutation, useQueryClient } from '@tanstack/react-query';

function useKeep() {
  const client = useQueryClient();
  return (inbox: Inbox) => {
    client.setQueryData<Inbox[]>(['inboxes'], (all) =>
      all?.some((one) => one.id === inbox.id) ? all.map((one) => (one.id === inbox.id ? inbox : one)) : [...(all ?? []), inbox],
    );
    void client.invalidateQueries({ queryKey: ['status'] });
  };
}

/** Tries a connection without keeping anything of it. */
export const useConnectionTest = () =>
  useMutation({ mutationFn: (form: Partial<ConnectionForm> & { address: string; inbox_id?: string }) => post<ConnectionTest>('/connection-tests', form) });

export function useCreateInbox() {
  const keep = useKeep();
  return useMutation({
    mutationFn: (form: { name: string; address: string; from_name?: string; open_to_all?: boolean; member_ids?: string[] }) => post<Inbox>('/inboxes', form),
    onSuccess: keep,
  });
}

export function useUpdateInbox() {
  const keep = useKeep();
  return useMutation({ mutationFn: ({ id, ...change }: InboxPatch & { id: string }) => patch<Inbox>(`/inboxes/${id}`, change), onSuccess: keep });
}

export function useSaveConnection() {
  const keep = useKeep();
  return useMutation({
    mutationFn: ({ id, ...form }: ConnectionForm & { id: string }) => put<Inbox>(`/inboxes/${id}/connection`, form),
    onSuccess: (inbox) => inbox && keep(inbox),
  });
}

/** Where to send the browser so that the mail company's own sign-in begins. */
export const useOauth = () =>
  useMutation({ mutationFn: ({ id, provider }: { id: string; provider: 'google' | 'microsoft' }) => get<{ url: string }>(`/inboxes/${id}/oauth/${provider}`) });

/** Sends a mail from an inbox to itself. */
export const useTestMail = () => useMutation({ mutationFn: (id: string) => post<{ message_id: string; to: string }>(`/inboxes/${id}/test-mail`) });
