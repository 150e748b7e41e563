import { type Conversation, get, type InvitedTo, type Language, type Me, openStream, post, type SetUpForm, type StreamItem } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/** Whether this Sonnim still waits for its first person. */
export const useSetupNeeded = () => useQuery({ queryKey: ['setup'], queryFn: () => get<{ needed: boolean }>('/setup'), staleTime: 0 });

/** Every way in ends the same: we know who it is. */
function useWelcome() {
  const client = useQueryClient();
  return (me: Me) => {
    client.setQueryData<Me | null>(['me'], me);
    void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
  };
}

export function useSetUp() {
  const onSuccess = useWelcome();
  return useMutation({ mutationFn: (form: SetUpForm) => post<Me>('/setup', form), onSuccess });
}
export function useSignIn() {
  const onSuccess = useWelcome();
  return useMutation({ mutationFn: (form: { email: string; password: string }) => post<Me>('/session', form), onSuccess });
}
export function useJoin() {
  const onSuccess = useWelcome();
  return useMutation({
    mutationFn: (form: { token: string; name: string; password: string; language: Language }) => post<Me>('/invitations/redeem', form),
    onSuccess,
  });
}

/** Who is invited where, by the word in the link. */
export const useInvitation = (token: string) =>
  useQuery({
    queryKey: ['invited', token],
    queryFn: () => post<InvitedTo>('/invitations/lookup', { token }),
    enabled: token !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useForgot = () => useMutation({ mutationFn: (email: string) => post('/password-resets', { email }) });
export const useReset = () => useMutation({ mutationFn: (form: { token: string; password: string }) => post('/password-resets/redeem', form) });

export interface Arrival {
  /** The mail came in and became this conversation. */
  conversation: Conversation | null;
  /** It could not leave, and why. */
  failed: string | null;
}

/** Watches the event stream for a mail into an inbox, and for what becomes of the one that was sent. */
export function useArrival(inboxId: string | undefined, sentId: string | undefined): Arrival & { forget: () => void } {
  const [arrival, setArrival] = useState<Arrival>({ conversation: null, failed: null });
  const [items, setItems] = useState<StreamItem[]>([]);
  useEffect(() => {
    if (!inboxId) return;
    return openStream({
      onState: () => undefined,
      onReload: () => undefined,
      onSignedOut: () => undefined,
      onBatch: (batch) => setItems((before) => [...before, ...batch]),
    });
  }, [inboxId]);
  useEffect(() => {
    if (!sentId) return;
    for (const { kind, conversation, message } of items) {
      if (kind === 'message.received' && conversation && conversation.inbox.id === inboxId) setArrival({ conversation, failed: null });
      if (kind === 'message.delivery_changed' && message?.id === sentId && message.delivery?.state === 'failed')
        setArrival((now) => ({ ...now, failed: message.delivery?.recipients[0]?.detail ?? '' }));
    }
  }, [items, sentId, inboxId]);
  return {
    ...arrival,
    forget: () => {
      setItems([]);
      setArrival({ conversation: null, failed: null });
    },
  };
}
