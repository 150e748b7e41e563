-- name: insert
INSERT INTO reminder (workspace_id, id, agent_id, conversation_id, at, words, unless_answered, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: find
SELECT id, agent_id, conversation_id, at, words, unless_answered, created_at, done_at FROM reminder WHERE workspace_id = $1 AND id = $2

-- name: waiting
-- Of one agent, in a conversation and those that it took in.
SELECT id, agent_id, conversation_id, at, words, unless_answered, created_at, done_at FROM reminder
 WHERE workspace_id = $1 AND agent_id = $3 AND done_at IS NULL
   AND (conversation_id = $2 OR conversation_id IN (SELECT id FROM conversation WHERE workspace_id = $1 AND merged_into = $2))
 ORDER BY at, id LIMIT 100

-- name: done
UPDATE reminder SET done_at = $3 WHERE workspace_id = $1 AND id = $2 AND done_at IS NULL

-- name: delete
DELETE FROM reminder WHERE workspace_id = $1 AND id = $2 AND agent_id = $3 AND done_at IS NULL

-- name: expire
DELETE FROM reminder WHERE done_at IS NOT NULL AND done_at < $1
