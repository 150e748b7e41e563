import { type Conversation, del, get, type List, type NewReminder, patch, post, type Reminder } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { takeConversation } from '../conversation/cache';

const keyOf = (id: string) => ['reminders', id];

/** One's own reminders of a conversation that are still to come. */
export const useReminders = (id: string) =>
  useQuery({
    queryKey: keyOf(id),
    queryFn: () => get<List<Reminder>>(`/conversations/${id}/reminders`).then((page) => page.items),
    staleTime: Number.POSITIVE_INFINITY,
  });

export function useAddReminder(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (form: NewReminder) => post<Reminder>(`/conversations/${id}/reminders`, form),
    onSuccess: () => void client.invalidateQueries({ queryKey: keyOf(id) }),
  });
}

/** Takes one back; gone at once. */
export function useCancelReminder(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reminder: Reminder) => del(`/reminders/${reminder.id}`),
    onMutate: (reminder) => client.setQueryData<Reminder[]>(keyOf(id), (all) => all?.filter((one) => one.id !== reminder.id)),
    onSettled: () => void client.invalidateQueries({ queryKey: keyOf(id) }),
  });
}

/** Whom a conversation is handed to, with words that become an internal note. */
export interface HandOver {
  assignee_id?: string;
  team_id?: string;
  queue_id?: string;
  note: { text: string };
}

export function useHandOver(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (form: HandOver) => patch<Conversation>(`/conversations/${id}`, form),
    onSuccess: (fresh) => takeConversation(client, fresh),
  });
}
