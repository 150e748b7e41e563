-- name: insert
-- Twice is once.
INSERT INTO conversation_link (workspace_id, conversation_id, other_id, kind, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (workspace_id, conversation_id, other_id, kind) DO NOTHING

-- name: of_conversation
-- From both ends. Cost: two index look-ups and as many rows as there are links.
SELECT other_id AS id, kind, TRUE AS follows, created_at FROM conversation_link WHERE workspace_id = $1 AND conversation_id = $2
 UNION ALL
SELECT conversation_id AS id, kind, FALSE AS follows, created_at FROM conversation_link WHERE workspace_id = $1 AND other_id = $2
 ORDER BY created_at DESC, id DESC LIMIT 100

-- name: cases
-- The cases of a problem, in the order of their ids. Cost: the links of the problem, index conversation_link_other.
SELECT conversation_id AS id FROM conversation_link
 WHERE workspace_id = $1 AND other_id = $2 AND kind = 'problem' ORDER BY conversation_id LIMIT $3

-- name: delete
-- Whichever of the two came later.
DELETE FROM conversation_link WHERE workspace_id = $1 AND kind = $4
   AND (conversation_id = $2 AND other_id = $3 OR conversation_id = $3 AND other_id = $2)
