-- name: put
INSERT INTO read_state (workspace_id, agent_id, conversation_id, read_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, agent_id, conversation_id) DO UPDATE SET read_at = excluded.read_at
