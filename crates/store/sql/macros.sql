-- name: insert
INSERT INTO macro (workspace_id, id, name, name_folded, folder_id, visibility, team_id, owner_id, actions, used, last_used_at, created_at,
  updated_at, archived_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, NULL, $10, $10, NULL, 1)

-- name: update
UPDATE macro SET name = $3, name_folded = $4, folder_id = $5, visibility = $6, team_id = $7, actions = $8, updated_at = $9, archived_at = $10,
  version = version + 1
 WHERE workspace_id = $1 AND id = $2

-- name: used
UPDATE macro SET used = used + 1, last_used_at = $3 WHERE workspace_id = $1 AND id = $2

-- name: count
SELECT COUNT(*) AS n FROM macro WHERE workspace_id = $1

-- name: insert_run
INSERT INTO macro_run (workspace_id, id, conversation_id, agent_id, undo, at, undone_at) VALUES ($1, $2, $3, $4, $5, $6, NULL)

-- name: run
SELECT conversation_id, undo, at, undone_at FROM macro_run WHERE workspace_id = $1 AND id = $2 AND agent_id = $3

-- name: run_undone
UPDATE macro_run SET undone_at = $3 WHERE workspace_id = $1 AND id = $2 AND undone_at IS NULL

-- name: expire_runs
DELETE FROM macro_run WHERE at < $1
