-- name: insert
-- Once for each agent, event and kind, however often the log is read.
INSERT INTO notification (workspace_id, id, agent_id, kind, conversation_id, event_id, message_id, actor_kind, actor_id, at, shown, mail_state, words)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (workspace_id, agent_id, event_id, kind) DO NOTHING

-- name: set_read
UPDATE notification SET read_at = $4 WHERE workspace_id = $1 AND agent_id = $2 AND id = $3

-- name: read_all
UPDATE notification SET read_at = $4 WHERE workspace_id = $1 AND agent_id = $2 AND read_at IS NULL AND id <= $3

-- name: read_conversation
UPDATE notification SET read_at = $4 WHERE workspace_id = $1 AND agent_id = $2 AND read_at IS NULL AND conversation_id = $3

-- name: read_offers
UPDATE notification SET read_at = $4 WHERE workspace_id = $1 AND agent_id = $2 AND conversation_id = $3 AND kind = 'offered' AND read_at IS NULL

-- name: has_due
SELECT 1 AS one FROM notification WHERE workspace_id = $1 AND agent_id = $2 AND mail_state = 'due' LIMIT 1

-- name: mailed
UPDATE notification SET mail_state = 'done' WHERE workspace_id = $1 AND agent_id = $2 AND mail_state = 'due'

-- name: expire
-- Ids rise with time. Cost: O(what goes), primary key.
DELETE FROM notification WHERE workspace_id = $1 AND id < $2

-- name: workspaces
SELECT id FROM workspace ORDER BY id

-- name: settings
SELECT settings FROM notification_settings WHERE workspace_id = $1 AND agent_id = $2

-- name: put_settings
INSERT INTO notification_settings (workspace_id, agent_id, settings) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id, agent_id) DO UPDATE SET settings = excluded.settings

-- name: all_settings
SELECT agent_id, settings FROM notification_settings WHERE workspace_id = $1

-- name: mention
INSERT INTO mention (workspace_id, agent_id, message_id) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id, agent_id, message_id) DO NOTHING

-- name: mentioned
SELECT agent_id FROM mention WHERE workspace_id = $1 AND message_id = $2 ORDER BY agent_id
