-- name: list
SELECT agent_id FROM follower WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY at, agent_id

-- name: before
-- Those who followed before a time.
SELECT agent_id FROM follower WHERE workspace_id = $1 AND conversation_id = $2 AND at < $3 ORDER BY at, agent_id

-- name: add
INSERT INTO follower (workspace_id, conversation_id, agent_id, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, conversation_id, agent_id) DO NOTHING

-- name: remove
DELETE FROM follower WHERE workspace_id = $1 AND conversation_id = $2 AND agent_id = $3
