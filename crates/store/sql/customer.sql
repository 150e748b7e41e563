-- name: insert
INSERT INTO customer (workspace_id, id, name, name_folded, email, language, notes, created_at, last_seen_at, conversation_count, version, company_id)
VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, 0, 1, $9)

-- name: insert_email
INSERT INTO customer_email (workspace_id, address_folded, address, customer_id, verified, domain_path) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (workspace_id, address_folded) DO NOTHING

-- name: by_address
SELECT customer_id, verified FROM customer_email WHERE workspace_id = $1 AND address_folded = $2

-- name: verify
UPDATE customer_email SET verified = TRUE WHERE workspace_id = $1 AND address_folded = $2

-- name: get
SELECT u.id, u.name, u.email, u.language, u.notes, u.created_at, u.last_seen_at, u.conversation_count, u.version, u.company_id,
       k.name AS company_name
  FROM customer u LEFT JOIN company k ON k.workspace_id = $1 AND k.id = u.company_id
 WHERE u.workspace_id = $1 AND u.id = $2

-- name: phones
SELECT phone FROM customer_phone WHERE workspace_id = $1 AND customer_id = $2 ORDER BY position

-- name: clear_phones
DELETE FROM customer_phone WHERE workspace_id = $1 AND customer_id = $2

-- name: put_phone
INSERT INTO customer_phone (workspace_id, customer_id, position, phone, national, reversed) VALUES ($1, $2, $3, $4, $5, $6)

-- name: company_of_domain
SELECT company_id FROM company_domain WHERE workspace_id = $1 AND domain = $2

-- name: emails
SELECT e.address, e.verified, s.reason, s.at FROM customer_email e
  LEFT JOIN suppression s ON s.workspace_id = e.workspace_id AND s.address_folded = e.address_folded
 WHERE e.workspace_id = $1 AND e.customer_id = $2 ORDER BY e.address_folded

-- name: update
UPDATE customer SET name = $3, name_folded = $4, language = $5, notes = $6, company_id = $7, version = version + 1 WHERE workspace_id = $1 AND id = $2

-- name: seen
UPDATE customer SET last_seen_at = $3 WHERE workspace_id = $1 AND id = $2

-- name: count
UPDATE customer SET conversation_count = conversation_count + $3 WHERE workspace_id = $1 AND id = $2

-- name: suppress
INSERT INTO suppression (workspace_id, address_folded, reason, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, address_folded) DO NOTHING

-- name: suppressed
SELECT reason, at FROM suppression WHERE workspace_id = $1 AND address_folded = $2

-- name: used
SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM conversation WHERE workspace_id = $1 AND customer_id = $2)
  OR EXISTS (SELECT 1 FROM visitor WHERE workspace_id = $1 AND customer_id = $2)
  OR EXISTS (SELECT 1 FROM customer_email WHERE workspace_id = $1 AND customer_id = $2)
  OR EXISTS (SELECT 1 FROM customer_identity WHERE workspace_id = $1 AND customer_id = $2)

-- name: remove
DELETE FROM customer WHERE workspace_id = $1 AND id = $2
