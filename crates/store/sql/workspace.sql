-- name: insert
INSERT INTO workspace (id, name, language, time_zone, created_at) VALUES ($1, $2, $3, $4, $5)

-- name: find
SELECT id, name, language, time_zone, created_at FROM workspace WHERE id = $1

-- name: first
-- Whether anything was set up: the oldest workspace.
SELECT id, name, language, time_zone, created_at FROM workspace ORDER BY id LIMIT 1

-- name: all
-- Every workspace of the installation, for jobs and the command line.
SELECT id, name, language, time_zone, created_at FROM workspace ORDER BY id LIMIT 10000

-- name: zone
-- The zone of an agent's days: their own, or else the workspace's. Cost: O(1), two primary keys.
SELECT COALESCE((SELECT a.time_zone FROM agent a WHERE a.workspace_id = w.id AND a.id = $2), w.time_zone) AS time_zone
  FROM workspace w WHERE w.id = $1

-- name: update
UPDATE workspace SET name = $2, language = $3, time_zone = $4 WHERE id = $1

-- name: another
SELECT id FROM workspace WHERE id <> $1 LIMIT 1
