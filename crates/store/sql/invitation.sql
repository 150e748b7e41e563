-- name: insert
INSERT INTO invitation (workspace_id, id, hash, email, email_folded, name, role, language, inbox_ids, team_ids, invited_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- name: list
SELECT workspace_id, id, email, name, role, language, inbox_ids, team_ids, invited_by, created_at, expires_at
  FROM invitation WHERE workspace_id = $1 ORDER BY id DESC LIMIT 1000

-- name: find
SELECT workspace_id, id, email, name, role, language, inbox_ids, team_ids, invited_by, created_at, expires_at
  FROM invitation WHERE workspace_id = $1 AND id = $2

-- name: by_hash
SELECT workspace_id, id, email, name, role, language, inbox_ids, team_ids, invited_by, created_at, expires_at
  FROM invitation WHERE hash = $1 AND expires_at > $2

-- name: redeem
-- The word works once: of many at the same time, one gets the row.
DELETE FROM invitation WHERE hash = $1 AND expires_at > $2
RETURNING workspace_id, id, email, name, role, language, inbox_ids, team_ids, invited_by, created_at, expires_at

-- name: renew
UPDATE invitation SET hash = $3, expires_at = $4 WHERE workspace_id = $1 AND id = $2

-- name: delete
DELETE FROM invitation WHERE workspace_id = $1 AND id = $2

-- name: delete_stale
-- An expired invitation gives way to a new one for the same address.
DELETE FROM invitation WHERE workspace_id = $1 AND email_folded = $2 AND expires_at <= $3
