-- name: insert
INSERT INTO session (hash, workspace_id, id, agent_id, created_at, last_seen_at, expires_at, user_agent, ip)
VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)

-- name: find
-- Who is signed in with this word, when it has not expired and the agent is active. Cost: O(1), primary keys.
SELECT s.id AS session_id, s.last_seen_at AS session_seen_at,
       a.workspace_id, a.id, a.email, a.name, a.role, a.language, a.time_zone, a.signature_html, a.preferences, a.created_at, a.last_seen_at, a.deactivated_at
  FROM session s JOIN agent a ON a.workspace_id = s.workspace_id AND a.id = s.agent_id
 WHERE s.hash = $1 AND s.expires_at > $2 AND a.deactivated_at IS NULL

-- name: touch
UPDATE session SET last_seen_at = $2, expires_at = $3, ip = $4 WHERE hash = $1

-- name: of_agent
SELECT id, created_at, last_seen_at, user_agent, ip FROM session
 WHERE workspace_id = $1 AND agent_id = $2 AND expires_at > $3 ORDER BY last_seen_at DESC, id DESC LIMIT 200

-- name: end_one
DELETE FROM session WHERE workspace_id = $1 AND agent_id = $2 AND id = $3

-- name: end_by_hash
DELETE FROM session WHERE hash = $1 RETURNING workspace_id, agent_id, id

-- name: end_all
DELETE FROM session WHERE workspace_id = $1 AND agent_id = $2

-- name: end_others
DELETE FROM session WHERE workspace_id = $1 AND agent_id = $2 AND id <> $3

-- name: end_oldest
-- Keeps an agent's newest sessions only.
DELETE FROM session WHERE workspace_id = $1 AND agent_id = $2 AND hash NOT IN
  (SELECT hash FROM session WHERE workspace_id = $1 AND agent_id = $2 ORDER BY last_seen_at DESC, id DESC LIMIT 100)

-- name: expire
DELETE FROM session WHERE expires_at <= $1
