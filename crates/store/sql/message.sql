-- name: insert
INSERT INTO message (workspace_id, id, conversation_id, kind, author_kind, author_id, subject, text, html, reply_text, from_name,
  from_address, recipients, rfc_message_id, inbound_mail_id, created_at, sent_at, authentication, held, forwarded_by, delivery_state,
  undo_until, attempts, next_attempt_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, 0, NULL)

-- name: insert_recipient
INSERT INTO message_recipient (workspace_id, message_id, address, state) VALUES ($1, $2, $3, 'queued')
ON CONFLICT (workspace_id, message_id, address) DO NOTHING

-- name: update_recipient
UPDATE message_recipient SET state = $4, code = $5, detail = $6, at = $7 WHERE workspace_id = $1 AND message_id = $2 AND address = $3

-- name: update_delivery
UPDATE message SET delivery_state = $3, attempts = $4, next_attempt_at = $5, sent_at = $6, undo_until = $7
 WHERE workspace_id = $1 AND id = $2

-- name: reschedule
UPDATE message SET undo_until = $3 WHERE workspace_id = $1 AND id = $2 AND delivery_state = 'scheduled'

-- name: release
-- It is written when it leaves, for those who read it.
UPDATE message SET delivery_state = 'queued', undo_until = NULL, created_at = $3 WHERE workspace_id = $1 AND id = $2 AND delivery_state = 'scheduled'

-- name: requeue_recipients
UPDATE message_recipient SET state = 'queued', code = NULL, detail = NULL WHERE workspace_id = $1 AND message_id = $2 AND state <> 'sent'

-- name: rewrite
UPDATE message SET subject = $3, text = $4, html = $5, reply_text = $6 WHERE workspace_id = $1 AND id = $2

-- name: delete
DELETE FROM message WHERE workspace_id = $1 AND id = $2

-- name: reference
INSERT INTO mail_reference (workspace_id, hash, conversation_id, message_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, hash, conversation_id) DO NOTHING

-- name: by_reference
-- A mail to two of our inboxes stands in a conversation of each: the one in inbox $3 first.
SELECT r.conversation_id FROM mail_reference r
  JOIN conversation c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id
 WHERE r.workspace_id = $1 AND r.hash = $2
 ORDER BY CASE WHEN c.inbox_id = $3 THEN 0 ELSE 1 END, r.message_id DESC LIMIT 1

-- name: conversation_of
SELECT conversation_id FROM message WHERE workspace_id = $1 AND id = $2

-- name: last_public
SELECT id FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND kind IN ('customer', 'reply') ORDER BY id DESC LIMIT 1

-- name: rfc_ids
-- Message-IDs of a conversation's public messages, newest first: for References.
SELECT rfc_message_id FROM message
 WHERE workspace_id = $1 AND conversation_id = $2 AND kind IN ('customer', 'reply') AND rfc_message_id IS NOT NULL AND id < $3
 ORDER BY id DESC LIMIT 20
