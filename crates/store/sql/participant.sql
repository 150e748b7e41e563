-- name: add
INSERT INTO participant (workspace_id, conversation_id, address_folded, address, name, customer_id, added_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (workspace_id, conversation_id, address_folded) DO NOTHING

-- name: list
SELECT address, name, customer_id FROM participant WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY added_at, address_folded

-- name: find
SELECT address FROM participant WHERE workspace_id = $1 AND conversation_id = $2 AND address_folded = $3

-- name: agent_by_address
SELECT id, name FROM agent WHERE email_folded = $2 AND workspace_id = $1 AND deactivated_at IS NULL

-- name: author
SELECT name, signature_html, preferences FROM agent WHERE workspace_id = $1 AND id = $2

-- name: inbox_of
SELECT inbox_id FROM conversation WHERE workspace_id = $1 AND id = $2
