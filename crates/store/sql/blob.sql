-- name: put
INSERT INTO blob (workspace_id, sha256, size, bytes, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, sha256) DO NOTHING

-- name: get
SELECT bytes, size FROM blob WHERE workspace_id = $1 AND sha256 = $2

-- name: outside
SELECT workspace_id, sha256 FROM blob WHERE bytes IS NULL ORDER BY workspace_id, sha256
