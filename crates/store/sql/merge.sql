-- name: messages
SELECT id FROM message WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY id

-- name: move_all
UPDATE message SET conversation_id = $3 WHERE workspace_id = $1 AND conversation_id = $2

-- name: move_drafts
-- Where the agent has none there already.
UPDATE draft SET conversation_id = $3 WHERE workspace_id = $1 AND conversation_id = $2
   AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.workspace_id = $1 AND d.conversation_id = $3 AND d.agent_id = draft.agent_id)

-- name: insert
INSERT INTO conversation_merge (workspace_id, id, source_id, target_id, merged_by, at, kept) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: latest
SELECT id, target_id, kept FROM conversation_merge WHERE workspace_id = $1 AND source_id = $2 AND undone_at IS NULL ORDER BY id DESC LIMIT 1

-- name: undone
UPDATE conversation_merge SET undone_at = $3 WHERE workspace_id = $1 AND id = $2

-- name: newer_messages
SELECT 1 AS one FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND id > $3 LIMIT 1

-- name: remove_participant
DELETE FROM participant WHERE workspace_id = $1 AND conversation_id = $2 AND address_folded = $3

-- name: copy_references
INSERT INTO mail_reference (workspace_id, hash, conversation_id, message_id)
SELECT workspace_id, hash, $3, message_id FROM mail_reference WHERE workspace_id = $1 AND message_id = $2
ON CONFLICT (workspace_id, hash, conversation_id) DO NOTHING

-- name: drop_references
DELETE FROM mail_reference WHERE workspace_id = $1 AND message_id = $2 AND conversation_id <> $3

-- name: sum
SELECT CAST(COUNT(*) AS BIGINT) AS n, MAX(CASE WHEN kind = 'customer' THEN created_at END) AS last_customer_at,
       MAX(CASE WHEN kind = 'reply' THEN created_at END) AS last_reply_at
  FROM message WHERE workspace_id = $1 AND conversation_id = $2

-- name: waiting_since
SELECT MIN(created_at) AS at FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND kind = 'customer' AND created_at > $3

-- name: last_public
SELECT reply_text, created_at FROM message
 WHERE workspace_id = $1 AND conversation_id = $2 AND kind IN ('customer', 'reply') ORDER BY id DESC LIMIT 1
