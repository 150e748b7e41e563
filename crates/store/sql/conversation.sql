-- name: insert
INSERT INTO conversation (workspace_id, id, number, version, inbox_id, customer_id, subject, channel, status, status_time, bucket,
  priority, assignee_id, team_id, preview, message_count, reply_token, created_at, updated_at, last_activity_at, last_customer_at,
  last_reply_at, waiting_since, merged_into, shelf, shelf_at, shelf_by, beside)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)

-- name: update
UPDATE conversation SET version = version + 1, inbox_id = $3, customer_id = $4, subject = $5, status = $6, status_time = $7,
  bucket = $8, priority = $9, assignee_id = $10, team_id = $11, preview = $12, message_count = $13, updated_at = $14,
  last_activity_at = $15, last_customer_at = $16, last_reply_at = $17, waiting_since = $18, merged_into = $19,
  shelf = $20, shelf_at = $21, shelf_by = $22
 WHERE workspace_id = $1 AND id = $2

-- name: counts
-- Cost: O(inboxes × teams × agents that hold conversations), never O(conversations).
SELECT inbox_id, team_id, assignee_id, bucket, CAST(SUM(n) AS BIGINT) AS n
  FROM conversation_count WHERE workspace_id = $1 GROUP BY inbox_id, team_id, assignee_id, bucket

-- name: by_reply_token
SELECT workspace_id, id FROM conversation WHERE reply_token = $1

-- name: by_number
SELECT id FROM conversation WHERE workspace_id = $1 AND number = $2

-- name: next_number
INSERT INTO counter (workspace_id, name, value) VALUES ($1, 'conversation', 1)
ON CONFLICT (workspace_id, name) DO UPDATE SET value = counter.value + 1 RETURNING value

-- name: to_wake
SELECT id FROM conversation WHERE workspace_id = $1 AND bucket = 1 AND status_time <= $2 ORDER BY status_time LIMIT 100

-- name: beside
SELECT id FROM conversation WHERE workspace_id = $1 AND beside = $2

-- name: route
SELECT inbox_id, reply_token FROM conversation WHERE workspace_id = $1 AND id = $2
