-- name: insert
INSERT INTO customer (workspace_id, id, name, name_folded, email, language, notes, created_at, last_seen_at, conversation_count, version)
VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, 0, 1)

-- name: insert_email
INSERT INTO customer_email (workspace_id, address_folded, address, customer_id, verified) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, address_folded) DO NOTHING

-- name: by_address
SELECT customer_id, verified FROM customer_email WHERE workspace_id = $1 AND address_folded = $2

-- name: verify
UPDATE customer_email SET verified = TRUE WHERE workspace_id = $1 AND address_folded = $2

-- name: get
SELECT id, name, email, language, notes, created_at, last_seen_at, conversation_count, version FROM customer
 WHERE workspace_id = $1 AND id = $2

-- name: emails
SELECT e.address, e.verified, s.reason, s.at FROM customer_email e
  LEFT JOIN suppression s ON s.workspace_id = e.workspace_id AND s.address_folded = e.address_folded
 WHERE e.workspace_id = $1 AND e.customer_id = $2 ORDER BY e.address_folded

-- name: update
UPDATE customer SET name = $3, name_folded = $4, language = $5, notes = $6, version = version + 1 WHERE workspace_id = $1 AND id = $2

-- name: seen
UPDATE customer SET last_seen_at = $3 WHERE workspace_id = $1 AND id = $2

-- name: count
UPDATE customer SET conversation_count = conversation_count + $3 WHERE workspace_id = $1 AND id = $2

-- name: suppress
INSERT INTO suppression (workspace_id, address_folded, reason, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, address_folded) DO NOTHING

-- name: suppressed
SELECT reason, at FROM suppression WHERE workspace_id = $1 AND address_folded = $2
