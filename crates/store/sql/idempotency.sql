-- name: claim
-- The first of several requests with one key gets to work; the others change nothing.
INSERT INTO idempotency (workspace_id, actor, key, request_hash, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, actor, key) DO NOTHING

-- name: find
SELECT request_hash, status, body FROM idempotency WHERE workspace_id = $1 AND actor = $2 AND key = $3

-- name: finish
UPDATE idempotency SET status = $4, body = $5 WHERE workspace_id = $1 AND actor = $2 AND key = $3

-- name: release
DELETE FROM idempotency WHERE workspace_id = $1 AND actor = $2 AND key = $3 AND status IS NULL

-- name: expire
DELETE FROM idempotency WHERE created_at < $1
