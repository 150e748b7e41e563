-- name: offer
INSERT INTO message_interactive (workspace_id, message_id, content) VALUES ($1, $2, $3)

-- name: answer
INSERT INTO message_interactive (workspace_id, message_id, answers) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id, answers) WHERE answers IS NOT NULL DO NOTHING

-- name: forget
DELETE FROM message_interactive WHERE workspace_id = $1 AND message_id = $2 AND content IS NOT NULL
