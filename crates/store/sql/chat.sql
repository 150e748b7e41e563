-- name: insert
INSERT INTO chat (workspace_id, conversation_id, inbox_id, visitor_id, identity, locale, mail, form, page, invitation)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- name: get
SELECT conversation_id, inbox_id AS chat_inbox, visitor_id, identity, locale, customer_read, agent_read, hold_until, hold_text, ended_at, ended_by_kind,
       ended_by_id, left_at, mail, mailed, mail_due, rating, rating_comment, rated_at, form, page, invitation, passed_at
  FROM chat WHERE workspace_id = $1 AND conversation_id = $2

-- name: update
UPDATE chat SET identity = $3, customer_read = $4, agent_read = $5, hold_until = $6, hold_text = $7, ended_at = $8, ended_by_kind = $9,
  ended_by_id = $10, left_at = $11, mail = $12, mailed = $13, mail_due = $14, rating = $15, rating_comment = $16, rated_at = $17,
  locale = $18, page = $19, passed_at = $20
 WHERE workspace_id = $1 AND conversation_id = $2

-- name: claim_key
INSERT INTO chat_key (workspace_id, visitor_id, key, conversation_id, message_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, visitor_id, key) DO NOTHING

-- name: by_key
SELECT conversation_id, message_id FROM chat_key WHERE workspace_id = $1 AND visitor_id = $2 AND key = $3

-- name: attach
-- Only an upload of the same visitor that hangs on no message yet. Ids of visitors and agents come from one maker and never meet.
UPDATE attachment SET message_id = $3 WHERE workspace_id = $1 AND id = $2 AND uploaded_by = $4 AND message_id IS NULL

-- name: file
SELECT id, message_id, filename, content_type, size, inline, content_id, sha256 FROM attachment
 WHERE workspace_id = $1 AND id = $2 AND message_id IS NOT NULL

-- name: waiting_uploads
SELECT COUNT(*) AS n FROM attachment WHERE workspace_id = $1 AND uploaded_by = $2 AND message_id IS NULL AND created_at > $3

-- name: adopt
-- What a browser wrote before the site said who it is.
UPDATE chat SET identity = $3 WHERE workspace_id = $1 AND visitor_id = $2 AND identity IS NULL

-- name: unproven
SELECT conversation_id FROM chat WHERE workspace_id = $1 AND visitor_id = $2 AND identity IS NULL

-- name: reference
UPDATE message SET rfc_message_id = $3 WHERE workspace_id = $1 AND id = $2 AND rfc_message_id IS NULL

-- name: newest
-- The newest message that both sides can see.
SELECT MAX(id) AS id FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND kind IN ('customer', 'reply')

-- name: unseen
-- Agents' words that are out and newer than a message. Cost: the conversation's messages after it.
SELECT id, created_at FROM message
 WHERE workspace_id = $1 AND conversation_id = $2 AND id > $3 AND kind = 'reply' AND delivery_state = 'sent' ORDER BY id LIMIT 200

-- name: address_of
-- Whether a customer has an address.
SELECT 1 AS one FROM customer_email WHERE workspace_id = $1 AND customer_id = $2 AND address_folded = $3

-- name: change_author
UPDATE message SET author_id = $4 WHERE workspace_id = $1 AND conversation_id = $2 AND author_kind = 'customer' AND author_id = $3

-- name: change_participant
UPDATE participant SET customer_id = $4 WHERE workspace_id = $1 AND conversation_id = $2 AND customer_id = $3

-- name: last_author
SELECT author_id FROM message
 WHERE workspace_id = $1 AND conversation_id = $2 AND kind = 'reply' AND author_kind = 'agent' AND delivery_state IN ('queued', 'sent', 'partly_failed')
 ORDER BY id DESC LIMIT 1

-- name: passed
UPDATE chat SET passed_at = $3 WHERE workspace_id = $1 AND conversation_id = $2

-- name: greeted
INSERT INTO greeting (workspace_id, message_id) VALUES ($1, $2)
