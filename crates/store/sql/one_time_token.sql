-- name: insert
INSERT INTO one_time_token (hash, purpose, workspace_id, subject_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)

-- name: redeem
-- The word works once: of many at the same time, one gets the row.
DELETE FROM one_time_token WHERE hash = $1 AND purpose = $2 AND expires_at > $3 RETURNING workspace_id, subject_id

-- name: forget
DELETE FROM one_time_token WHERE purpose = $1 AND workspace_id = $2 AND subject_id = $3

-- name: forget_purpose
DELETE FROM one_time_token WHERE purpose = $1

-- name: exists
SELECT hash FROM one_time_token WHERE hash = $1 AND purpose = $2 AND expires_at > $3

-- name: expire
DELETE FROM one_time_token WHERE expires_at <= $1
