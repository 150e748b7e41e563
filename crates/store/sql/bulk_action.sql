-- name: insert
INSERT INTO bulk (workspace_id, id, agent_id, filter, chosen, actions, state, total, seen, changed, failed, cursor, created_at, ended_at,
  place)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, NULL, $9, NULL, $10)

-- name: update
UPDATE bulk SET state = $3, seen = $4, changed = $5, failed = $6, cursor = $7, ended_at = $8 WHERE workspace_id = $1 AND id = $2

-- name: own_page
-- Newest first. Cost: O(page), index bulk_agent.
SELECT id, agent_id, CAST(NULL AS TEXT) AS filter, CAST(NULL AS TEXT) AS chosen, actions, state, total, seen, changed, failed, cursor, created_at, ended_at, place
  FROM bulk WHERE workspace_id = $1 AND agent_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4

-- name: page
-- Everybody's, newest first. Cost: O(page), primary key.
SELECT id, agent_id, CAST(NULL AS TEXT) AS filter, CAST(NULL AS TEXT) AS chosen, actions, state, total, seen, changed, failed, cursor, created_at, ended_at, place
  FROM bulk WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3

-- name: at_work
SELECT COUNT(*) AS n FROM bulk WHERE workspace_id = $1 AND agent_id = $2 AND state IN ('running', 'undoing')

-- name: note
INSERT INTO bulk_result (workspace_id, bulk_id, conversation_id, undo, fault) VALUES ($1, $2, $3, $4, $5)

-- name: to_undo
SELECT conversation_id, undo FROM bulk_result
 WHERE workspace_id = $1 AND bulk_id = $2 AND conversation_id > $3 AND undo IS NOT NULL
 ORDER BY conversation_id LIMIT 20

-- name: expire
DELETE FROM bulk WHERE created_at < $1 AND state NOT IN ('running', 'undoing')
