-- name: insert
INSERT INTO blocked_sender (workspace_id, id, address, address_folded, blocked_by, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (workspace_id, address_folded) DO NOTHING

-- name: by_address
SELECT id, address, blocked_by, at FROM blocked_sender WHERE workspace_id = $1 AND address_folded = $2

-- name: get
SELECT id, address, blocked_by, at FROM blocked_sender WHERE workspace_id = $1 AND id = $2

-- name: list
-- Newest first. Cost: O(page), primary key.
SELECT id, address, blocked_by, at FROM blocked_sender WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3

-- name: delete
DELETE FROM blocked_sender WHERE workspace_id = $1 AND id = $2
