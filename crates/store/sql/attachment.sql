-- name: insert
INSERT INTO attachment (workspace_id, id, message_id, uploaded_by, filename, content_type, size, inline, content_id, sha256, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: attach
-- Only an upload of the same agent that hangs on no message yet.
UPDATE attachment SET message_id = $3, inline = $5 WHERE workspace_id = $1 AND id = $2 AND uploaded_by = $4 AND message_id IS NULL

-- name: detach
UPDATE attachment SET message_id = NULL WHERE workspace_id = $1 AND message_id = $2

-- name: uploaded
SELECT id, message_id, filename, content_type, size, inline, content_id, sha256 FROM attachment
 WHERE workspace_id = $1 AND id = $2 AND uploaded_by = $3 AND message_id IS NULL

-- name: expire_uploads
-- What belongs to a saved reply stays.
DELETE FROM attachment WHERE message_id IS NULL AND created_at < $1 AND NOT EXISTS
  (SELECT 1 FROM saved_reply_file f WHERE f.workspace_id = attachment.workspace_id AND f.attachment_id = attachment.id)

-- name: of_conversation
-- Cost: the conversation's messages, and of each its files.
SELECT f.id, f.message_id, f.filename, f.content_type, f.size, f.inline, f.content_id, f.sha256, m.created_at AS said_at
  FROM message m JOIN attachment f ON f.workspace_id = $1 AND f.message_id = m.id
 WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND f.inline = FALSE
 ORDER BY f.id DESC LIMIT 200
