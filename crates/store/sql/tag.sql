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

-- name: put_on_instead
-- Every conversation that carries one tag gets the other. Cost: one index range of the first.
INSERT INTO conversation_tag (workspace_id, conversation_id, tag_id)
SELECT workspace_id, conversation_id, $3 FROM conversation_tag WHERE workspace_id = $1 AND tag_id = $2
ON CONFLICT (workspace_id, conversation_id, tag_id) DO NOTHING

-- name: name_instead_in_views
-- Ids have one length and a prefix: none is a part of another.
UPDATE view SET filter = REPLACE(filter, $2, $3), version = version + 1, updated_at = $4
 WHERE workspace_id = $1 AND filter <> REPLACE(filter, $2, $3)

-- name: name_instead_in_macros
UPDATE macro SET actions = REPLACE(actions, $2, $3), version = version + 1, updated_at = $4
 WHERE workspace_id = $1 AND actions <> REPLACE(actions, $2, $3)

-- name: used
-- Cost: one index range of the tag, and the views and macros of the workspace.
SELECT (SELECT COUNT(*) FROM conversation_tag WHERE workspace_id = $1 AND tag_id = $2) AS conversations,
       (SELECT COUNT(*) FROM view WHERE workspace_id = $1 AND filter <> REPLACE(filter, $3, '')) AS views,
       (SELECT COUNT(*) FROM macro WHERE workspace_id = $1 AND archived_at IS NULL AND actions <> REPLACE(actions, $3, '')) AS macros
