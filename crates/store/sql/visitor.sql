-- name: insert
INSERT INTO visitor (workspace_id, id, inbox_id, token_hash, customer_id, identity, identified_until, name, email, locale, page, created_at, seen_at,
  proven)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)

-- name: by_token
SELECT id, inbox_id, customer_id, identity, identified_until, name, email, locale, page, created_at, seen_at, connected_until, proven
  FROM visitor WHERE token_hash = $3 AND workspace_id = $1 AND inbox_id = $2

-- name: get
SELECT id, inbox_id, customer_id, identity, identified_until, name, email, locale, page, created_at, seen_at, connected_until, proven
  FROM visitor WHERE workspace_id = $1 AND id = $2

-- name: update
UPDATE visitor SET customer_id = $3, identity = $4, identified_until = $5, name = $6, email = $7, locale = $8, page = $9, seen_at = $10,
  proven = $11
 WHERE workspace_id = $1 AND id = $2

-- name: set_token
UPDATE visitor SET token_hash = $3 WHERE workspace_id = $1 AND id = $2

-- name: forget_token
-- The row stays for the conversations that it began; nobody has its token any more.
UPDATE visitor SET token_hash = $3, connected_until = NULL WHERE workspace_id = $1 AND id = $2

-- name: disconnect
UPDATE visitor SET connected_until = $3 WHERE workspace_id = $1 AND id = $2

-- name: identity
SELECT customer_id FROM customer_identity WHERE workspace_id = $1 AND inbox_id = $2 AND subject = $3

-- name: put_identity
INSERT INTO customer_identity (workspace_id, inbox_id, subject, customer_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, inbox_id, subject) DO NOTHING

-- name: give_address
UPDATE customer SET email = $3, version = version + 1 WHERE workspace_id = $1 AND id = $2 AND email IS NULL

-- name: forget_connections
-- Of nodes that died.
UPDATE visitor SET connected_until = NULL WHERE connected_until < $1

-- name: expire
-- Those who never wrote.
DELETE FROM visitor WHERE customer_id IS NULL AND seen_at < $1
