-- name: get
SELECT kind, html, recipients, attachment_ids, updated_at, version FROM draft
 WHERE workspace_id = $1 AND agent_id = $2 AND conversation_id = $3

-- name: put
INSERT INTO draft (workspace_id, agent_id, conversation_id, kind, html, recipients, attachment_ids, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
ON CONFLICT (workspace_id, agent_id, conversation_id) DO UPDATE SET kind = excluded.kind, html = excluded.html,
  recipients = excluded.recipients, attachment_ids = excluded.attachment_ids, updated_at = excluded.updated_at, version = draft.version + 1
RETURNING version

-- name: delete
DELETE FROM draft WHERE workspace_id = $1 AND agent_id = $2 AND conversation_id = $3

-- name: list
SELECT conversation_id, kind, html, recipients, attachment_ids, updated_at, version FROM draft
 WHERE workspace_id = $1 AND agent_id = $2 ORDER BY updated_at DESC LIMIT 100
