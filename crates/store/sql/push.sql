-- name: put
-- One device once, however often it comes back; whoever is signed in there now is told.
INSERT INTO push_device (workspace_id, id, agent_id, session_id, endpoint_hash, sealed, user_agent, created_at, pushed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)
ON CONFLICT (workspace_id, endpoint_hash) DO UPDATE SET agent_id = excluded.agent_id, session_id = excluded.session_id,
  sealed = excluded.sealed, user_agent = excluded.user_agent
RETURNING id

-- name: forget_oldest
-- Keeps an agent's newest devices only.
DELETE FROM push_device WHERE workspace_id = $1 AND agent_id = $2 AND id NOT IN
  (SELECT id FROM push_device WHERE workspace_id = $1 AND agent_id = $2 ORDER BY id DESC LIMIT 20)

-- name: of_agent
-- Those whose session lasts. Cost: an agent's devices and sessions.
SELECT p.id, p.agent_id, p.session_id, p.sealed, p.user_agent, p.created_at, p.pushed_at FROM push_device p
 WHERE p.workspace_id = $1 AND p.agent_id = $2 AND EXISTS
  (SELECT 1 FROM session s WHERE s.workspace_id = $1 AND s.agent_id = $2 AND s.id = p.session_id AND s.expires_at > $3)
 ORDER BY p.id

-- name: find
SELECT p.id, p.agent_id, p.session_id, p.sealed, p.user_agent, p.created_at, p.pushed_at FROM push_device p
 WHERE p.workspace_id = $1 AND p.id = $2 AND EXISTS
  (SELECT 1 FROM session s WHERE s.workspace_id = $1 AND s.agent_id = p.agent_id AND s.id = p.session_id AND s.expires_at > $3)

-- name: pushed
UPDATE push_device SET pushed_at = $3 WHERE workspace_id = $1 AND id = $2

-- name: remove
DELETE FROM push_device WHERE workspace_id = $1 AND agent_id = $2 AND id = $3

-- name: gone
DELETE FROM push_device WHERE workspace_id = $1 AND id = $2

-- name: expire
-- Devices whose session is over, in every workspace.
DELETE FROM push_device WHERE NOT EXISTS
  (SELECT 1 FROM session s WHERE s.workspace_id = push_device.workspace_id AND s.agent_id = push_device.agent_id AND s.id = push_device.session_id)
