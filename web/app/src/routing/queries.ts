import { type AgentChat, get, type List, type LiveBoard, type NextTaken, type Offer, post } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export const OFFERS = ['offers'] as const;

/** An offer, and when it ends by this machine's clock. */
export type Standing = Offer & { ends: number };

/** What one is asked to take now. */
export const useOffers = (enabled: boolean) =>
  useQuery({
    queryKey: OFFERS,
    queryFn: () =>
      get<List<Offer>>('/offers').then((page) => page.items.map((offer): Standing => ({ ...offer, ends: Date.now() + offer.seconds_left * 1000 }))),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Takes or declines one. */
export function useAnswerOffer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, how }: { id: string; how: 'accept' | 'decline' }) => post(`/offers/${id}/${how}`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: OFFERS }),
  });
}

/** Takes the next one that waits. */
export const takeNext = (): Promise<string | null> => post<NextTaken>('/next-conversation', {}).then((taken) => taken.conversation_id);

/** How the queues stand. The stream brings news; what only the clock changes is read every five seconds. */
export const useBoard = () => useQuery({ queryKey: ['live-board'], queryFn: () => get<LiveBoard>('/live-board'), refetchInterval: 5000 });

/** The open chats of an agent, for supervisors. */
export const useChatsOf = (agent: string) =>
  useQuery({
    queryKey: ['live-board', 'chats', agent],
    queryFn: () => get<List<AgentChat>>(`/agents/${agent}/chats`).then((page) => page.items),
    refetchInterval: 5000,
  });

/** Says that one begins to watch a chat; only the audit log is told. */
export const beginWatch = (id: string): Promise<void> => post<void>(`/conversations/${id}/watch`, {});
