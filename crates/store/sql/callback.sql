-- name: ask
INSERT INTO callback (workspace_id, conversation_id, phone, wanted_at, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET phone = excluded.phone, wanted_at = excluded.wanted_at, at = excluded.at,
  called_at = NULL, called_by = NULL

-- name: get
SELECT phone, wanted_at, at, called_at FROM callback WHERE workspace_id = $1 AND conversation_id = $2

-- name: called
UPDATE callback SET called_at = $3, called_by = $4 WHERE workspace_id = $1 AND conversation_id = $2 AND called_at IS NULL
