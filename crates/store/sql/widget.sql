-- name: insert
INSERT INTO widget (workspace_id, inbox_id, key, version, settings, created_at, updated_at) VALUES ($1, $2, $3, 1, $4, $5, $5)
ON CONFLICT (workspace_id, inbox_id) DO NOTHING

-- name: get
SELECT workspace_id, inbox_id, key, version, settings, CASE WHEN secret IS NULL THEN FALSE ELSE TRUE END AS has_secret, created_at, updated_at
  FROM widget WHERE workspace_id = $1 AND inbox_id = $2

-- name: by_key
-- The key carries no workspace; archived inboxes have no widget.
SELECT w.workspace_id, w.inbox_id, w.key, w.version, w.settings, CASE WHEN w.secret IS NULL THEN FALSE ELSE TRUE END AS has_secret,
       w.created_at, w.updated_at, i.name AS inbox_name
  FROM widget w JOIN inbox i ON i.workspace_id = w.workspace_id AND i.id = w.inbox_id
 WHERE w.key = $1 AND i.archived_at IS NULL

-- name: update
UPDATE widget SET settings = $3, version = version + 1, updated_at = $4 WHERE workspace_id = $1 AND inbox_id = $2

-- name: set_secret
UPDATE widget SET secret = $3, version = version + 1, updated_at = $4 WHERE workspace_id = $1 AND inbox_id = $2

-- name: secret
SELECT secret FROM widget WHERE workspace_id = $1 AND inbox_id = $2

-- name: all
SELECT w.inbox_id, w.settings, i.name AS inbox_name FROM widget w
  JOIN inbox i ON i.workspace_id = w.workspace_id AND i.id = w.inbox_id
 WHERE w.workspace_id = $1 AND i.archived_at IS NULL ORDER BY i.name, i.id
