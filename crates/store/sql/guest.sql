-- name: invite
INSERT INTO guest (workspace_id, conversation_id, agent_id, invited_by, note_id, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (workspace_id, conversation_id, agent_id) DO NOTHING

-- name: join
UPDATE guest SET joined_at = $4 WHERE workspace_id = $1 AND conversation_id = $2 AND agent_id = $3 AND joined_at IS NULL

-- name: leave
DELETE FROM guest WHERE workspace_id = $1 AND conversation_id = $2 AND agent_id = $3

-- name: find
SELECT g.agent_id, a.name, g.invited_by, b.name AS inviter_name, g.note_id, g.at, g.joined_at FROM guest g
  JOIN agent a ON a.workspace_id = g.workspace_id AND a.id = g.agent_id
  LEFT JOIN agent b ON b.workspace_id = g.workspace_id AND b.id = g.invited_by
 WHERE g.workspace_id = $1 AND g.conversation_id = $2 AND g.agent_id = $3

-- name: list
SELECT g.agent_id, a.name, g.invited_by, b.name AS inviter_name, g.note_id, g.at, g.joined_at FROM guest g
  JOIN agent a ON a.workspace_id = g.workspace_id AND a.id = g.agent_id
  LEFT JOIN agent b ON b.workspace_id = g.workspace_id AND b.id = g.invited_by
 WHERE g.workspace_id = $1 AND g.conversation_id = $2 ORDER BY g.at, g.agent_id

-- name: joined_by
-- Open chats that an agent came into. Cost: O(invitations of the agent), index guest_agent.
SELECT c.id FROM guest g JOIN conversation c ON c.workspace_id = g.workspace_id AND c.id = g.conversation_id
 WHERE g.workspace_id = $1 AND g.agent_id = $2 AND g.joined_at IS NOT NULL AND c.bucket = 0 AND c.status = 'open' ORDER BY c.id LIMIT 50

-- name: of_agent
-- An agent's open chats and when their customers last wrote. Cost: O(open conversations of the agent), index conversation_assignee.
SELECT c.id, (SELECT q.name FROM routing r JOIN queue q ON q.workspace_id = r.workspace_id AND q.id = r.queue_id
               WHERE r.workspace_id = c.workspace_id AND r.conversation_id = c.id AND r.stage <> 'ended') AS queue_name
  FROM conversation c
 WHERE c.workspace_id = $1 AND c.assignee_id = $2 AND c.bucket = 0 AND c.status = 'open' AND c.channel = 'chat' ORDER BY c.id LIMIT 100
