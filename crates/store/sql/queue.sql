-- name: list
-- Cost: at most 50 rows.
SELECT id, version, name, position, filter, rule, created_at, updated_at FROM queue WHERE workspace_id = $1 ORDER BY position, id

-- name: any
SELECT id FROM queue WHERE workspace_id = $1 LIMIT 1

-- name: teams
SELECT queue_id, team_id FROM queue_team WHERE workspace_id = $1 ORDER BY queue_id, team_id

-- name: agents
SELECT queue_id, agent_id FROM queue_agent WHERE workspace_id = $1 ORDER BY queue_id, agent_id

-- name: insert
INSERT INTO queue (workspace_id, id, version, name, name_folded, position, filter, rule, created_at, updated_at)
VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $8)

-- name: update
UPDATE queue SET version = version + 1, name = $3, name_folded = $4, position = $5, filter = $6, rule = $7, updated_at = $8
 WHERE workspace_id = $1 AND id = $2

-- name: delete
DELETE FROM queue WHERE workspace_id = $1 AND id = $2

-- name: clear_teams
DELETE FROM queue_team WHERE workspace_id = $1 AND queue_id = $2

-- name: clear_agents
DELETE FROM queue_agent WHERE workspace_id = $1 AND queue_id = $2

-- name: put_team
INSERT INTO queue_team (workspace_id, queue_id, team_id) VALUES ($1, $2, $3)

-- name: put_agent
INSERT INTO queue_agent (workspace_id, queue_id, agent_id) VALUES ($1, $2, $3)

-- name: representative
SELECT agent_id FROM representative WHERE workspace_id = $1 AND company_id = $2

-- name: set_representative
INSERT INTO representative (workspace_id, company_id, agent_id) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id, company_id) DO UPDATE SET agent_id = EXCLUDED.agent_id

-- name: clear_representative
DELETE FROM representative WHERE workspace_id = $1 AND company_id = $2
