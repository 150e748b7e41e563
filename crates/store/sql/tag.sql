-- name: insert
INSERT INTO tag (workspace_id, id, name, name_folded, color) VALUES ($1, $2, $3, $4, $5)

-- name: update
UPDATE tag SET name = $3, name_folded = $4, color = $5 WHERE workspace_id = $1 AND id = $2

-- name: delete
DELETE FROM tag WHERE workspace_id = $1 AND id = $2

-- name: list
SELECT id, name, color FROM tag WHERE workspace_id = $1 ORDER BY name_folded LIMIT 1000

-- name: of_conversation
SELECT tag_id FROM conversation_tag WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY tag_id

-- name: put_on
INSERT INTO conversation_tag (workspace_id, conversation_id, tag_id) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id, conversation_id, tag_id) DO NOTHING

-- name: take_off
DELETE FROM conversation_tag WHERE workspace_id = $1 AND conversation_id = $2 AND tag_id = $3
