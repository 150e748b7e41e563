-- name: insert
INSERT INTO inbound_mail (workspace_id, id, inbox_id, via, state, envelope_from, envelope_to, remote_ip, helo, sha256, size, received_at, attempts)
VALUES ($1, $2, $3, $4, 'received', $5, $6, $7, $8, $9, $10, $11, 0)

-- name: get
SELECT id, inbox_id, via, state, envelope_from, envelope_to, remote_ip, helo, from_address, subject, sha256, size, received_at, attempts, error, conversation_id, message_id
  FROM inbound_mail WHERE workspace_id = $1 AND id = $2

-- name: page
-- Mails in a state, newest first. Cost: O(page), index inbound_mail_state.
SELECT id, inbox_id, via, state, envelope_from, envelope_to, remote_ip, helo, from_address, subject, sha256, size, received_at, attempts, error, conversation_id, message_id
  FROM inbound_mail WHERE workspace_id = $1 AND state = $2 AND id < $3 ORDER BY id DESC LIMIT $4

-- name: claim
-- The mail is taken for this use case; nothing when another has dealt with it.
UPDATE inbound_mail SET attempts = attempts + 1 WHERE workspace_id = $1 AND id = $2 AND state = 'received'

-- name: by_key
SELECT id FROM inbound_mail WHERE workspace_id = $1 AND inbox_id = $2 AND duplicate_key = $3

-- name: finish
UPDATE inbound_mail SET state = $3, from_address = $4, subject = $5, error = $6, conversation_id = $7, message_id = $8, duplicate_key = $9
 WHERE workspace_id = $1 AND id = $2

-- name: reopen
UPDATE inbound_mail SET state = 'received', error = NULL WHERE workspace_id = $1 AND id = $2 AND state IN ('quarantined', 'discarded')

-- name: discard
UPDATE inbound_mail SET state = 'discarded' WHERE workspace_id = $1 AND id = $2 AND state = 'quarantined'

-- name: quarantined_count
SELECT COUNT(*) AS n FROM inbound_mail WHERE workspace_id = $1 AND state = 'quarantined'

-- name: same_elsewhere
-- The same mail, where it became part of a conversation. Cost: one look-up for each inbox, index inbound_mail_once.
SELECT m.conversation_id, c.inbox_id FROM inbox i
  JOIN inbound_mail m ON m.workspace_id = i.workspace_id AND m.inbox_id = i.id AND m.duplicate_key = $2
  JOIN conversation c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
 WHERE i.workspace_id = $1 AND m.id <> $3 LIMIT 20
