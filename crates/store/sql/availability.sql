-- name: list
-- Everybody who may answer and has said something. Cost: O(agents who ever did).
SELECT v.agent_id, v.state, v.reason, v.since, v.chat_on, v.mail_on, v.most_total, v.most_chat, v.most_mail, v.signs_at, v.active_at,
       v.idle_since, v.routed_at, v.newcomer_at, v.shift_ends_at, v.told, a.name, a.role
  FROM availability v JOIN agent a ON a.workspace_id = v.workspace_id AND a.id = v.agent_id
 WHERE v.workspace_id = $1 AND a.deactivated_at IS NULL AND a.role <> 'viewer'
 ORDER BY v.agent_id

-- name: find
SELECT agent_id, state, reason, since, chat_on, mail_on, most_total, most_chat, most_mail, signs_at, active_at, idle_since, routed_at,
       newcomer_at, shift_ends_at, told
  FROM availability WHERE workspace_id = $1 AND agent_id = $2

-- name: put
INSERT INTO availability (workspace_id, agent_id, state, reason, since, chat_on, mail_on, most_total, most_chat, most_mail, signs_at,
                          active_at, idle_since, routed_at, newcomer_at, shift_ends_at, told)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (workspace_id, agent_id) DO UPDATE SET state = EXCLUDED.state, reason = EXCLUDED.reason, since = EXCLUDED.since,
  chat_on = EXCLUDED.chat_on, mail_on = EXCLUDED.mail_on, most_total = EXCLUDED.most_total, most_chat = EXCLUDED.most_chat,
  most_mail = EXCLUDED.most_mail, signs_at = EXCLUDED.signs_at, active_at = EXCLUDED.active_at, idle_since = EXCLUDED.idle_since,
  shift_ends_at = EXCLUDED.shift_ends_at, told = EXCLUDED.told

-- name: sign
UPDATE availability SET signs_at = $3 WHERE workspace_id = $1 AND agent_id = $2 AND state <> 'offline'

-- name: touch
UPDATE availability SET signs_at = $3, active_at = $3 WHERE workspace_id = $1 AND agent_id = $2 AND state <> 'offline'

-- name: turn
UPDATE availability SET idle_since = $3, routed_at = $3 WHERE workspace_id = $1 AND agent_id = $2

-- name: newcomer_turn
UPDATE availability SET newcomer_at = $3 WHERE workspace_id = $1 AND agent_id = $2

-- name: tell
UPDATE availability SET told = $3 WHERE workspace_id = $1 AND agent_id = $2

-- name: note
INSERT INTO availability_history (workspace_id, agent_id, id, at, state, reason, because, by_agent_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: history
SELECT at, state, reason, because, by_agent_id FROM availability_history WHERE workspace_id = $1 AND agent_id = $2 ORDER BY id DESC LIMIT $3
