import { type AgentWork, type Availability, del, get, type List, post, put, type Skill, type SkillForm } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

const KEY = ['skills'];

/** Every skill by name. */
export const useSkills = () =>
  useQuery({ queryKey: KEY, queryFn: () => get<List<Skill>>('/skills').then((page) => page.items), staleTime: Number.POSITIVE_INFINITY });

function useRenew() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: ['availability'] });
    return client.invalidateQueries({ queryKey: KEY });
  };
}

export function useSaveSkill() {
  const renew = useRenew();
  return useMutation({
    mutationFn: ({ id, ...form }: SkillForm & { id?: string }) => (id ? put<Skill>(`/skills/${id}`, form) : post<Skill>('/skills', form)),
    onSuccess: renew,
  });
}

export function useDeleteSkill() {
  const renew = useRenew();
  return useMutation({ mutationFn: (id: string) => del(`/skills/${id}`), onSuccess: renew });
}

/** Says how much an agent has at once, and what they can do. */
export function useSaveWork() {
  const renew = useRenew();
  return useMutation({
    mutationFn: ({ agent, ...work }: AgentWork & { agent: string }) => put<Availability>(`/agents/${agent}/work`, work),
    onSuccess: renew,
  });
}
