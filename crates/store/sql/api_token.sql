-- name: insert
INSERT INTO api_token (hash, workspace_id, id, agent_id, name, scopes, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: find
-- Whose token this is, when it has not expired and the agent is active. Cost: O(1), primary keys.
SELECT t.id AS token_id, t.scopes, t.last_used_at,
       a.workspace_id, a.id, a.email, a.name, a.role, a.language, a.time_zone, a.signature_html, a.preferences, a.created_at, a.last_seen_at, a.deactivated_at
  FROM api_token t JOIN agent a ON a.workspace_id = t.workspace_id AND a.id = t.agent_id
 WHERE t.hash = $1 AND (t.expires_at IS NULL OR t.expires_at > $2) AND a.deactivated_at IS NULL

-- name: used
UPDATE api_token SET last_used_at = $2 WHERE hash = $1

-- name: of_agent
SELECT id, name, scopes, created_at, last_used_at, expires_at FROM api_token
 WHERE workspace_id = $1 AND agent_id = $2 ORDER BY id DESC LIMIT 200

-- name: delete
DELETE FROM api_token WHERE workspace_id = $1 AND agent_id = $2 AND id = $3

-- name: delete_all
DELETE FROM api_token WHERE workspace_id = $1 AND agent_id = $2

-- name: expire
DELETE FROM api_token WHERE expires_at IS NOT NULL AND expires_at <= $1
