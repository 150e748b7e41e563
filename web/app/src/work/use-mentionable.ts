import type { Conversation } from '@api';
import { useMemo } from 'react';
import { useAgents, useInboxes, useTeams } from '../people/queries';
import type { Mentionable } from './mention';

/** Whom one can name in a note of a conversation: active colleagues who see its inbox, and teams. */
export function useMentionable(c: Conversation): readonly Mentionable[] {
  const agents = useAgents().data;
  const teams = useTeams().data;
  const inbox = useInboxes().data?.find((one) => one.id === c.inbox.id);
  return useMemo(() => {
    const sees = (agent: { id: string; role: string }) =>
      !inbox || inbox.open_to_all || agent.role === 'owner' || agent.role === 'admin' || inbox.member_ids.includes(agent.id);
    return [
      ...(agents ?? []).filter((agent) => agent.active && sees(agent)).map((agent) => ({ id: agent.id, name: agent.name, kind: 'agent' as const })),
      ...(teams ?? []).map((team) => ({ id: team.id, name: team.name, kind: 'team' as const })),
    ];
  }, [agents, teams, inbox]);
}
