-- name: schema_steps
SELECT name FROM schema_step ORDER BY name

-- name: claim
-- The first value stays.
INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING

-- name: fact
SELECT value FROM installation WHERE name = $1

-- name: forget
DELETE FROM installation WHERE name = $1

-- name: counts
SELECT (SELECT COUNT(*) FROM workspace) AS workspaces, (SELECT COUNT(*) FROM agent) AS agents,
       (SELECT COUNT(*) FROM inbox) AS inboxes, (SELECT COUNT(*) FROM customer) AS customers,
       (SELECT COUNT(*) FROM conversation) AS conversations, (SELECT COUNT(*) FROM message) AS messages,
       (SELECT COUNT(*) FROM inbound_mail) AS mails, (SELECT COUNT(*) FROM blob) AS blobs

-- name: nodes_alive
SELECT COUNT(*) AS n FROM node WHERE leased_until > $1

-- name: forget_nodes
DELETE FROM node

-- name: forget_imap_leases
UPDATE inbox SET imap_lease = NULL, imap_leased_until = NULL WHERE imap_lease IS NOT NULL

-- name: forget_listeners
-- They begin at the end of the log again: the places belong to the old installation's transactions.
DELETE FROM listener

-- name: free_jobs
UPDATE job SET state = 'ready', lease = NULL, leased_until = NULL WHERE state = 'running'

-- name: forget_transactions
-- Another cluster counts transactions anew: the old numbers would come up again as new events. All of the past is before it.
UPDATE event SET txid = 0 WHERE txid <> 0

-- name: drop_sending_jobs
DELETE FROM job WHERE kind IN ('deliver_message', 'send_notice', 'send_transcript', 'push_notification')

-- name: fail_unsent_recipients
UPDATE message_recipient SET state = 'failed', detail = $1, at = $2 WHERE state = 'queued'

-- name: fail_unsent_messages
UPDATE message SET next_attempt_at = NULL, undo_until = NULL, delivery_state =
    CASE WHEN EXISTS (SELECT 1 FROM message_recipient r
           WHERE r.workspace_id = message.workspace_id AND r.message_id = message.id AND r.state = 'sent')
         THEN 'partly_failed' ELSE 'failed' END
 WHERE delivery_state IN ('undo_window', 'scheduled', 'queued')

-- name: jobs_by_state
SELECT state, COUNT(*) AS n FROM job GROUP BY state ORDER BY state

-- name: mails_in_state
SELECT COUNT(*) AS n FROM inbound_mail WHERE state = $1
