-- name: desk
SELECT settings, wake_at FROM routing_desk WHERE workspace_id = $1

-- name: open_desk
INSERT INTO routing_desk (workspace_id, settings) VALUES ($1, $2) ON CONFLICT (workspace_id) DO NOTHING

-- name: put_settings
UPDATE routing_desk SET settings = $2 WHERE workspace_id = $1

-- name: set_wake
UPDATE routing_desk SET wake_at = $2 WHERE workspace_id = $1

-- name: insert
INSERT INTO routing (workspace_id, id, conversation_id, queue_id, channel, stage, since, entered_at, queued_at, agent_id, until_at, declined,
                     held, told, newcomer, last_agent_id, assigned_at, answered_at, ended_at, outcome, passed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)

-- name: update
UPDATE routing SET queue_id = $3, stage = $4, since = $5, queued_at = $6, agent_id = $7, until_at = $8, declined = $9, held = $10, told = $11,
       last_agent_id = $12, assigned_at = $13, answered_at = $14, ended_at = $15, outcome = $16, passed_by = $17
 WHERE workspace_id = $1 AND id = $2

-- name: hold
UPDATE routing SET held = $3 WHERE workspace_id = $1 AND id = $2

-- name: tell
UPDATE routing SET told = $3 WHERE workspace_id = $1 AND id = $2

-- name: of_stage
-- Cost: O(those), index routing_line.
SELECT id, conversation_id, queue_id, channel, stage, since, entered_at, queued_at, agent_id, until_at, declined, held, told, newcomer,
       last_agent_id, assigned_at, answered_at, ended_at, outcome, passed_by
  FROM routing WHERE workspace_id = $1 AND stage = $2 AND stage <> 'ended' ORDER BY since, id

-- name: waiting
-- What waits, with what decides who gets it. Cost: O(waiting), index routing_line, and a look at conversation and customer each.
SELECT r.id, r.conversation_id, r.queue_id, r.channel, r.stage, r.since, r.entered_at, r.queued_at, r.agent_id, r.until_at, r.declined, r.held,
       r.told, r.newcomer, r.last_agent_id, r.assigned_at, r.answered_at, r.ended_at, r.outcome, r.passed_by,
       c.inbox_id, c.priority, u.language, p.agent_id AS representative_id, k.wanted_at AS call_at
  FROM routing r
  JOIN conversation c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id
  JOIN customer u ON u.workspace_id = c.workspace_id AND u.id = c.customer_id
  LEFT JOIN representative p ON p.workspace_id = u.workspace_id AND p.company_id = u.company_id
  LEFT JOIN callback k ON k.workspace_id = r.workspace_id AND k.conversation_id = r.conversation_id AND k.called_at IS NULL
                      AND (c.last_customer_at IS NULL OR c.last_customer_at <= k.at)
 WHERE r.workspace_id = $1 AND r.stage = 'waiting'
 ORDER BY r.since, r.id

-- name: assigned
-- What is with somebody, unanswered. Cost: O(those), index routing_line.
SELECT r.id, r.conversation_id, r.queue_id, r.channel, r.stage, r.since, r.entered_at, r.queued_at, r.agent_id, r.until_at, r.declined, r.held,
       r.told, r.newcomer, r.last_agent_id, r.assigned_at, r.answered_at, r.ended_at, r.outcome, r.passed_by, c.waiting_since,
       CASE WHEN k.conversation_id IS NULL THEN FALSE ELSE TRUE END AS to_call
  FROM routing r JOIN conversation c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id
  LEFT JOIN callback k ON k.workspace_id = r.workspace_id AND k.conversation_id = r.conversation_id AND k.called_at IS NULL
                      AND (c.last_customer_at IS NULL OR c.last_customer_at <= k.at)
 WHERE r.workspace_id = $1 AND r.stage = 'assigned' AND c.waiting_since IS NOT NULL AND c.status = 'open'
 ORDER BY r.since, r.id

-- name: last_helper
-- Who had a customer's newest other conversation. Cost: O(conversations of the customer without an assignee), index conversation_customer.
SELECT assignee_id FROM conversation
 WHERE workspace_id = $1 AND customer_id = $2 AND id <> $3 AND assignee_id IS NOT NULL ORDER BY last_activity_at DESC, id DESC LIMIT 1

-- name: is_newcomer
SELECT id FROM conversation WHERE workspace_id = $1 AND customer_id = $2 AND id <> $3 LIMIT 1

-- name: in_hand
-- What an agent has that a customer waits for, and chats. Cost: O(open conversations of the agent), index conversation_assignee.
SELECT id FROM conversation
 WHERE workspace_id = $1 AND assignee_id = $2 AND bucket = 0 AND status = 'open' AND (waiting_since IS NOT NULL OR channel = 'chat') ORDER BY id

-- name: handled
-- Mean of the last 50 of a queue. Cost: 50 rows, index routing_handled.
SELECT COUNT(*) AS n, CAST(COALESCE(SUM(x.took), 0) AS BIGINT) AS took
  FROM (SELECT ended_at - assigned_at AS took FROM routing
         WHERE workspace_id = $1 AND queue_id = $2 AND outcome = 'answered' AND assigned_at IS NOT NULL ORDER BY ended_at DESC LIMIT 50) x

-- name: arrivals
-- Cost: O(arrivals since), index routing_entered.
SELECT queue_id, COUNT(*) AS n FROM routing WHERE workspace_id = $1 AND entered_at >= $2 GROUP BY queue_id

-- name: today
-- What came since a time, by queue. Cost: O(arrivals since), index routing_entered.
SELECT r.queue_id, COUNT(*) AS offered,
       CAST(SUM(CASE WHEN r.answered_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS answered,
       CAST(SUM(CASE WHEN r.answered_at IS NOT NULL THEN r.answered_at - r.entered_at ELSE 0 END) AS BIGINT) AS answered_after,
       CAST(SUM(CASE WHEN r.outcome = 'abandoned' THEN 1 ELSE 0 END) AS BIGINT) AS abandoned
  FROM routing r WHERE r.workspace_id = $1 AND r.entered_at >= $2 GROUP BY r.queue_id

-- name: in_time
-- How many of a queue were answered within so many milliseconds. Cost: O(arrivals since), index routing_entered.
SELECT COUNT(*) AS n FROM routing
 WHERE workspace_id = $1 AND entered_at >= $2 AND queue_id = $3 AND answered_at IS NOT NULL AND answered_at - entered_at <= $4

-- name: line
-- What waits and is offered, by queue; who waits for a call does not wait in the line. Cost: O(those), index routing_line, and a look at
-- callback each.
SELECT r.queue_id, CAST(SUM(CASE WHEN k.conversation_id IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS n,
       CAST(SUM(CASE WHEN k.conversation_id IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS calls,
       MIN(CASE WHEN k.conversation_id IS NULL THEN r.since END) AS since
  FROM routing r
  LEFT JOIN callback k ON k.workspace_id = r.workspace_id AND k.conversation_id = r.conversation_id AND k.called_at IS NULL
                      AND NOT EXISTS (SELECT 1 FROM conversation c WHERE c.workspace_id = k.workspace_id AND c.id = k.conversation_id
                                         AND c.last_customer_at > k.at)
 WHERE r.workspace_id = $1 AND r.stage IN ('waiting', 'offered') GROUP BY r.queue_id

-- name: expire
DELETE FROM routing WHERE stage = 'ended' AND ended_at < $1

-- name: workspaces
SELECT workspace_id FROM routing_desk ORDER BY workspace_id
