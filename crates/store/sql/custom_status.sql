-- name: list
SELECT id, version, name, category, color, position, is_default, archived_at, created_at, updated_at
  FROM custom_status WHERE workspace_id = $1 ORDER BY position, id

-- name: find
SELECT id, version, name, category, color, position, is_default, archived_at, created_at, updated_at
  FROM custom_status WHERE workspace_id = $1 AND id = $2

-- name: default_of
-- Cost: the statuses of one workspace, at most 100.
SELECT id FROM custom_status WHERE workspace_id = $1 AND category = $2 AND is_default AND archived_at IS NULL ORDER BY id LIMIT 1

-- name: insert
INSERT INTO custom_status (workspace_id, id, version, name, name_folded, category, color, position, is_default, created_at, updated_at)
VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $9)

-- name: update
UPDATE custom_status SET version = version + 1, name = $3, name_folded = $4, color = $5, is_default = $6, archived_at = $7, updated_at = $8
 WHERE workspace_id = $1 AND id = $2

-- name: only_default
-- The others of a category are its default no longer.
UPDATE custom_status SET is_default = FALSE, version = version + 1 WHERE workspace_id = $1 AND category = $2 AND id <> $3 AND is_default

-- name: place
UPDATE custom_status SET position = $3 WHERE workspace_id = $1 AND id = $2
