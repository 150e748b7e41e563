-- name: insert
INSERT INTO field (workspace_id, id, version, key, label, help, kind, settings, inboxes, shown_when, required, position, archived_at,
  created_at, updated_at)
VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, $12, $12)

-- name: update
UPDATE field SET version = version + 1, label = $3, help = $4, settings = $5, inboxes = $6, shown_when = $7, required = $8,
  archived_at = $9, updated_at = $10
 WHERE workspace_id = $1 AND id = $2

-- name: place
UPDATE field SET position = $3 WHERE workspace_id = $1 AND id = $2

-- name: list
-- Every field of a workspace in its order, at most 200.
SELECT id, version, key, label, help, settings, inboxes, shown_when, required, position, archived_at, created_at, updated_at
  FROM field WHERE workspace_id = $1 ORDER BY position, id

-- name: any_required
SELECT 1 AS one FROM field WHERE workspace_id = $1 AND required AND archived_at IS NULL LIMIT 1

-- name: values
-- What a conversation has, a row for each part. Cost: O(its values).
SELECT v.field_id, v.part, v.word, v.number, v.text, f.kind, f.key
  FROM field_value v JOIN field f ON f.workspace_id = v.workspace_id AND f.id = v.field_id
 WHERE v.workspace_id = $1 AND v.conversation_id = $2 ORDER BY v.field_id, v.part

-- name: clear_value
DELETE FROM field_value WHERE workspace_id = $1 AND conversation_id = $2 AND field_id = $3

-- name: insert_value
INSERT INTO field_value (workspace_id, conversation_id, field_id, part, word, number, text) VALUES ($1, $2, $3, $4, $5, $6, $7)
