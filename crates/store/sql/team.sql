-- name: insert
INSERT INTO team (workspace_id, id, name, name_folded, created_at) VALUES ($1, $2, $3, $4, $5)

-- name: rename
UPDATE team SET name = $3, name_folded = $4 WHERE workspace_id = $1 AND id = $2

-- name: find
SELECT id, name FROM team WHERE workspace_id = $1 AND id = $2

-- name: list
SELECT id, name FROM team WHERE workspace_id = $1 ORDER BY name_folded, id LIMIT 1000

-- name: members
SELECT team_id, agent_id FROM team_member WHERE workspace_id = $1 ORDER BY team_id, agent_id

-- name: members_of
SELECT agent_id FROM team_member WHERE workspace_id = $1 AND team_id = $2 ORDER BY agent_id

-- name: join
INSERT INTO team_member (workspace_id, team_id, agent_id) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id, team_id, agent_id) DO NOTHING

-- name: clear
DELETE FROM team_member WHERE workspace_id = $1 AND team_id = $2

-- name: in_use
-- Whether conversations are still with the team. Cost: O(1), index conversation_team.
SELECT id FROM conversation WHERE workspace_id = $1 AND team_id = $2 LIMIT 1

-- name: delete
DELETE FROM team WHERE workspace_id = $1 AND id = $2

-- name: of_agent
SELECT team_id FROM team_member WHERE workspace_id = $1 AND agent_id = $2 ORDER BY team_id
