-- name: insert
INSERT INTO message_redaction (workspace_id, message_id, at, by_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, message_id) DO UPDATE SET at = excluded.at, by_id = excluded.by_id

-- name: keep_version
INSERT INTO message_version (workspace_id, message_id, id, html, text, written_at, replaced_at) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: versions_of_message
SELECT html, text, written_at FROM message_version WHERE workspace_id = $1 AND message_id = $2 ORDER BY id DESC LIMIT 100

-- name: versions
SELECT v.message_id, v.id, v.html, v.text FROM message_version v
  JOIN message m ON m.workspace_id = v.workspace_id AND m.id = v.message_id
 WHERE m.workspace_id = $1 AND m.conversation_id = $2

-- name: set_version
UPDATE message_version SET html = $4, text = $5 WHERE workspace_id = $1 AND message_id = $2 AND id = $3

-- name: drafts
SELECT agent_id, html FROM draft WHERE workspace_id = $1 AND conversation_id = $2

-- name: set_draft
UPDATE draft SET html = $4, version = version + 1 WHERE workspace_id = $1 AND agent_id = $2 AND conversation_id = $3

-- name: event_data
-- Only these hold what somebody wrote.
SELECT id, data FROM event WHERE workspace_id = $1 AND conversation_id = $2 AND kind = 'conversation.updated'

-- name: set_event_data
UPDATE event SET data = $3 WHERE workspace_id = $1 AND id = $2

-- name: merges
SELECT id, kept FROM conversation_merge WHERE workspace_id = $1 AND (source_id = $2 OR target_id = $2)

-- name: set_merge
UPDATE conversation_merge SET kept = $3 WHERE workspace_id = $1 AND id = $2

-- name: remove_file
DELETE FROM attachment WHERE workspace_id = $1 AND id = $2

-- name: rename_file
UPDATE attachment SET filename = $3 WHERE workspace_id = $1 AND id = $2

-- name: raw
SELECT sha256 FROM inbound_mail WHERE workspace_id = $1 AND id = $2

-- name: replace_raw
UPDATE inbound_mail SET sha256 = $3, size = $4, subject = $5 WHERE workspace_id = $1 AND id = $2

-- name: forget_answers
-- Without a status a key reads as "its end is unknown": nothing is done twice.
UPDATE idempotency SET status = NULL, body = NULL WHERE workspace_id = $1 AND body IS NOT NULL
