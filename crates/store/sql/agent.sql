-- name: insert
INSERT INTO agent (workspace_id, id, email, email_folded, name, role, password_hash, language, time_zone, signature_html, preferences, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: find
SELECT workspace_id, id, email, name, role, language, time_zone, signature_html, preferences, created_at, last_seen_at, deactivated_at
  FROM agent WHERE workspace_id = $1 AND id = $2

-- name: list
-- Everyone of a workspace, deactivated agents too. Cost: O(agents), primary key.
SELECT workspace_id, id, email, name, role, language, time_zone, signature_html, preferences, created_at, last_seen_at, deactivated_at
  FROM agent WHERE workspace_id = $1 ORDER BY id LIMIT 5000

-- name: by_email
-- Sign-in: an address belongs to one agent of the installation. Cost: O(1), unique email_folded.
SELECT workspace_id, id, email, name, role, language, time_zone, signature_html, preferences, created_at, last_seen_at, deactivated_at, password_hash
  FROM agent WHERE email_folded = $1

-- name: password_of
SELECT password_hash FROM agent WHERE workspace_id = $1 AND id = $2

-- name: update
UPDATE agent SET name = $3, role = $4, language = $5, time_zone = $6, signature_html = $7, preferences = $8
 WHERE workspace_id = $1 AND id = $2

-- name: set_password
UPDATE agent SET password_hash = $3 WHERE workspace_id = $1 AND id = $2

-- name: set_deactivated
UPDATE agent SET deactivated_at = $3 WHERE workspace_id = $1 AND id = $2

-- name: seen
UPDATE agent SET last_seen_at = $3 WHERE workspace_id = $1 AND id = $2

-- name: lock_owners
-- Takes the owners' rows for the rest of the transaction, so that two cannot both step down at once.
UPDATE agent SET role = role WHERE workspace_id = $1 AND role = 'owner' AND deactivated_at IS NULL

-- name: visible_inboxes
-- Inboxes that a plain agent may look into: open to all, or a member. Cost: O(inboxes of the workspace).
SELECT i.id FROM inbox i
 WHERE i.workspace_id = $1
   AND (i.open_to_all OR EXISTS (SELECT 1 FROM inbox_member m WHERE m.workspace_id = i.workspace_id AND m.inbox_id = i.id AND m.agent_id = $2))
 ORDER BY i.id

-- name: inboxes_known
SELECT id FROM inbox WHERE workspace_id = $1 ORDER BY id

-- name: join_inbox
INSERT INTO inbox_member (workspace_id, inbox_id, agent_id) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id, inbox_id, agent_id) DO NOTHING
