import {
  type Agent,
  del,
  get,
  type Inbox,
  type Invitation,
  type InvitationForm,
  type List,
  patch,
  post,
  type ServerStatus,
  type Tag,
  type TagColor,
  type TagUsage,
  type Team,
} from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useCustomStatuses } from '../status/queries';

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

/** What people, teams, inboxes, tags and statuses are called, by id. */
export function useNames(): (id: string) => string | undefined {
  const agents = useAgents().data;
  const teams = useTeams().data;
  const inboxes = useInboxes().data;
  const tags = useTags().data;
  const statuses = useCustomStatuses().data;
  return useMemo(() => {
    const names = new Map<string, string>();
    for (const list of [agents, teams, inboxes, tags, statuses]) for (const one of list ?? []) names.set(one.id, one.name);
    return (id) => names.get(id);
  }, [agents, teams, inboxes, tags, statuses]);
}

/** How the server is: failing mailboxes, mail in quarantine. */
export const useServerStatus = () => useQuery({ queryKey: ['status'], queryFn: () => get<ServerStatus>('/status'), refetchInterval: 60_000 });

export const useInvitations = (enabled = true) =>
  useQuery({ queryKey: ['invitations'], queryFn: () => get<List<Invitation>>('/invitations').then((page) => page.items), enabled });

export function useInvite() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (form: InvitationForm) => post<Invitation>('/invitations', form),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['invitations'] }),
  });
}
export const useResendInvitation = () => useMutation({ mutationFn: (id: string) => post(`/invitations/${id}/resend`) });
export function useRevokeInvitation() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (id: string) => del(`/invitations/${id}`), onSettled: () => client.invalidateQueries({ queryKey: ['invitations'] }) });
}

function useKeepAgent() {
  const client = useQueryClient();
  return (agent: Agent) => client.setQueryData<Agent[]>(['agents'], (all) => all?.map((one) => (one.id === agent.id ? agent : one)));
}
export function useUpdateAgent() {
  const onSuccess = useKeepAgent();
  return useMutation({
    mutationFn: ({ id, ...change }: Partial<Pick<Agent, 'name' | 'role'>> & { id: string }) => patch<Agent>(`/agents/${id}`, change),
    onSuccess,
  });
}
export function useActivateAgent() {
  const onSuccess = useKeepAgent();
  return useMutation({
    mutationFn: ({ id, active }: { id: string; active: boolean }) => post<Agent>(`/agents/${id}/${active ? 'activate' : 'deactivate'}`),
    onSuccess,
  });
}

export type TeamForm = Pick<Team, 'name' | 'member_ids'>;
export function useSaveTeam() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...form }: TeamForm & { id?: string }) => (id ? patch<Team>(`/teams/${id}`, form) : post<Team>('/teams', form)),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['teams'] }),
  });
}
export function useDeleteTeam() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (id: string) => del(`/teams/${id}`), onSuccess: () => void client.invalidateQueries({ queryKey: ['teams'] }) });
}

export function useUpdateTag() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: Partial<Pick<Tag, 'name' | 'color'>> & { id: string }) => patch<Tag>(`/tags/${id}`, change),
    onSuccess: (tag) => client.setQueryData<Tag[]>(['tags'], (tags) => tags?.map((one) => (one.id === tag.id ? tag : one))),
  });
}
/** What a tag is on, and what names it. */
export const useTagUsage = (id: string | null) =>
  useQuery({ queryKey: ['tag-usage', id], queryFn: () => get<TagUsage>(`/tags/${id}/usage`), enabled: id !== null, staleTime: 0 });

/** Puts one tag in the place of another, everywhere. */
export function useMergeTag() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, into }: { id: string; into: string }) => post<Tag>(`/tags/${id}/merge`, { into }),
    onSuccess: (_tag, { id }) => client.setQueryData<Tag[]>(['tags'], (tags) => tags?.filter((one) => one.id !== id)),
  });
}

export function useDeleteTag() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => del(`/tags/${id}`),
    onSuccess: (_none, id) => client.setQueryData<Tag[]>(['tags'], (tags) => tags?.filter((one) => one.id !== id)),
  });
}
