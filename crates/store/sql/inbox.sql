-- name: insert
INSERT INTO inbox (workspace_id, id, name, address, address_folded, from_name, signature_html, open_to_all, acknowledgement, closed_policy,
  incoming, outgoing, incoming_health, outgoing_health, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)

-- name: update
UPDATE inbox SET name = $3, address = $4, address_folded = $5, from_name = $6, signature_html = $7, open_to_all = $8,
  acknowledgement = $9, closed_policy = $10, archived_at = $11
 WHERE workspace_id = $1 AND id = $2

-- name: connect
UPDATE inbox SET incoming = $3, outgoing = $4, incoming_secret = $5, outgoing_secret = $6, incoming_health = $7, outgoing_health = $8,
  imap_cursor = NULL
 WHERE workspace_id = $1 AND id = $2

-- name: replace_secrets
UPDATE inbox SET incoming_secret = $3, outgoing_secret = $4 WHERE workspace_id = $1 AND id = $2

-- name: secrets
SELECT incoming_secret, outgoing_secret FROM inbox WHERE workspace_id = $1 AND id = $2

-- name: list
SELECT id, name, address, from_name, signature_html, open_to_all, acknowledgement, closed_policy, incoming, outgoing, incoming_health,
  outgoing_health, created_at, archived_at
  FROM inbox WHERE workspace_id = $1 ORDER BY name, id

-- name: get
SELECT id, name, address, from_name, signature_html, open_to_all, acknowledgement, closed_policy, incoming, outgoing, incoming_health,
  outgoing_health, created_at, archived_at
  FROM inbox WHERE workspace_id = $1 AND id = $2

-- name: members
SELECT inbox_id, agent_id FROM inbox_member WHERE workspace_id = $1 ORDER BY agent_id

-- name: clear_members
DELETE FROM inbox_member WHERE workspace_id = $1 AND inbox_id = $2

-- name: add_member
INSERT INTO inbox_member (workspace_id, inbox_id, agent_id) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id, inbox_id, agent_id) DO NOTHING

-- name: by_address
SELECT workspace_id, id FROM inbox WHERE address_folded = $1 AND archived_at IS NULL

-- name: incoming_health
UPDATE inbox SET incoming_health = $3 WHERE workspace_id = $1 AND id = $2

-- name: outgoing_health
UPDATE inbox SET outgoing_health = $3 WHERE workspace_id = $1 AND id = $2

-- name: all_imap
-- Every inbox that is read by IMAP, in all workspaces.
SELECT workspace_id, id FROM inbox WHERE incoming LIKE '{"kind":"imap"%' AND archived_at IS NULL ORDER BY workspace_id, id

-- name: lease_imap
UPDATE inbox SET imap_lease = $3, imap_leased_until = $4
 WHERE workspace_id = $1 AND id = $2 AND (imap_lease IS NULL OR imap_lease = $3 OR imap_leased_until < $5)

-- name: release_imap
UPDATE inbox SET imap_lease = NULL, imap_leased_until = NULL WHERE workspace_id = $1 AND id = $2 AND imap_lease = $3

-- name: imap_cursor
SELECT imap_cursor FROM inbox WHERE workspace_id = $1 AND id = $2

-- name: save_imap_cursor
UPDATE inbox SET imap_cursor = $3 WHERE workspace_id = $1 AND id = $2 AND imap_lease = $4

-- name: is_own_address
SELECT id FROM inbox WHERE workspace_id = $1 AND address_folded = $2
