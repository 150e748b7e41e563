-- name: folders
SELECT id, name FROM library_folder WHERE workspace_id = $1 ORDER BY name_folded LIMIT 500

-- name: insert_folder
INSERT INTO library_folder (workspace_id, id, name, name_folded) VALUES ($1, $2, $3, $4)

-- name: rename_folder
UPDATE library_folder SET name = $3, name_folded = $4 WHERE workspace_id = $1 AND id = $2

-- name: empty_replies
UPDATE saved_reply SET folder_id = NULL WHERE workspace_id = $1 AND folder_id = $2

-- name: empty_macros
UPDATE macro SET folder_id = NULL WHERE workspace_id = $1 AND folder_id = $2

-- name: delete_folder
DELETE FROM library_folder WHERE workspace_id = $1 AND id = $2

-- name: teams_of
SELECT team_id FROM team_member WHERE workspace_id = $1 AND agent_id = $2
