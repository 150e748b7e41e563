-- name: insert
INSERT INTO whisper (workspace_id, message_id, agent_id) VALUES ($1, $2, $3)

-- name: to
SELECT agent_id FROM whisper WHERE workspace_id = $1 AND message_id = $2
