-- name: ask
INSERT INTO callback (workspace_id, conversation_id, phone, wanted_at, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET phone = excluded.phone, wanted_at = excluded.wanted_at, at = excluded.at,
  called_at = NULL, called_by = NULL

-- name: get
SELECT phone, wanted_at, at, called_at FROM callback WHERE workspace_id = $1 AND conversation_id = $2

-- name: awaited
-- Cost: O(what waits), index routing_line, and a look at callback each.
SELECT r.conversation_id FROM routing r
  JOIN callback k ON k.workspace_id = r.workspace_id AND k.conversation_id = r.conversation_id AND k.called_at IS NULL
  JOIN conversation c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id
 WHERE r.workspace_id = $1 AND r.stage IN ('waiting', 'offered') AND (c.last_customer_at IS NULL OR c.last_customer_at <= k.at)

-- name: called
UPDATE callback SET called_at = $3, called_by = $4 WHERE workspace_id = $1 AND conversation_id = $2 AND called_at IS NULL
