import { type Agent, get, type Inbox, type List, post, type ServerStatus, type Tag, type TagColor, type Team } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';

const ALWAYS = Number.POSITIVE_INFINITY;

export const useAgents = () => useQuery({ queryKey: ['agents'], queryFn: () => get<List<Agent>>('/agents').then((page) => page.items), staleTime: ALWAYS });
export const useTeams = () => useQuery({ queryKey: ['teams'], queryFn: () => get<List<Team>>('/teams').then((page) => page.items), staleTime: ALWAYS });
export const useInboxes = () => useQuery({ queryKey: ['inboxes'], queryFn: () => get<List<Inbox>>('/inboxes').then((page) => page.items), staleTime: ALWAYS });
export const useTags = () => useQuery({ queryKey: ['tags'], queryFn: () => get<List<Tag>>('/tags').then((page) => page.items), staleTime: ALWAYS });

export function useCreateTag() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (form: { name: string; color: TagColor }) => post<Tag>('/tags', form),
    onSuccess: (tag) => client.setQueryData<Tag[]>(['tags'], (tags) => [...(tags ?? []), tag]),
  });
}

/** What people, teams, inboxes and tags are called, by id. */
export function useNames(): (id: string) => string | undefined {
  const agents = useAgents().data;
  const teams = useTeams().data;
  const inboxes = useInboxes().data;
  const tags = useTags().data;
  return useMemo(() => {
    const names = new Map<string, string>();
    for (const list of [agents, teams, inboxes, tags]) for (const one of list ?? []) names.set(one.id, one.name);
    return (id) => names.get(id);
  }, [agents, teams, inboxes, tags]);
}

/** How the server is: failing mailboxes, mail in quarantine. */
export const useServerStatus = () => useQuery({ queryKey: ['status'], queryFn: () => get<ServerStatus>('/status'), refetchInterval: 60_000 });
