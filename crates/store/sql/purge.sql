-- name: blobs
-- What the messages of a conversation and the mails behind them are made of.
SELECT f.sha256 FROM attachment f JOIN message m ON m.workspace_id = f.workspace_id AND m.id = f.message_id
 WHERE m.workspace_id = $1 AND m.conversation_id = $2
UNION SELECT i.sha256 FROM inbound_mail i WHERE i.workspace_id = $1 AND i.conversation_id = $2
UNION SELECT i.sha256 FROM message m JOIN inbound_mail i ON i.workspace_id = m.workspace_id AND i.id = m.inbound_mail_id
 WHERE m.workspace_id = $1 AND m.conversation_id = $2

-- name: messages
SELECT id, subject, from_name, from_address, reply_text FROM message WHERE workspace_id = $1 AND conversation_id = $2

-- name: attachments
DELETE FROM attachment WHERE workspace_id = $1 AND message_id IN (SELECT id FROM message WHERE workspace_id = $1 AND conversation_id = $2)

-- name: mails
DELETE FROM inbound_mail WHERE workspace_id = $1 AND (conversation_id = $2
   OR id IN (SELECT inbound_mail_id FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND inbound_mail_id IS NOT NULL))

-- name: events
DELETE FROM event WHERE workspace_id = $1 AND conversation_id = $2

-- name: conversation
-- Messages, recipients, references, participants, drafts, read states and tags go with it.
DELETE FROM conversation WHERE workspace_id = $1 AND id = $2

-- name: merged
SELECT id FROM conversation WHERE workspace_id = $1 AND merged_into = $2

-- name: blob
-- Only where neither a file nor a mail names it any more.
DELETE FROM blob WHERE workspace_id = $1 AND sha256 = $2
   AND NOT EXISTS (SELECT 1 FROM attachment f WHERE f.workspace_id = $1 AND f.sha256 = $2)
   AND NOT EXISTS (SELECT 1 FROM inbound_mail i WHERE i.workspace_id = $1 AND i.sha256 = $2)

-- name: has_blob
SELECT 1 AS one FROM blob WHERE workspace_id = $1 AND sha256 = $2
