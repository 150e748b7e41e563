-- name: list
-- Cost: at most 200 rows.
SELECT id, name, language FROM skill WHERE workspace_id = $1 ORDER BY name_folded, id

-- name: find
SELECT id, name, language FROM skill WHERE workspace_id = $1 AND id = $2

-- name: insert
INSERT INTO skill (workspace_id, id, name, name_folded, language, created_at) VALUES ($1, $2, $3, $4, $5, $6)

-- name: update
UPDATE skill SET name = $3, name_folded = $4, language = $5 WHERE workspace_id = $1 AND id = $2

-- name: delete
DELETE FROM skill WHERE workspace_id = $1 AND id = $2

-- name: of_agents
-- Cost: O(agents with skills), primary key.
SELECT agent_id, skill_id FROM agent_skill WHERE workspace_id = $1 ORDER BY agent_id, skill_id

-- name: of_agent
SELECT skill_id FROM agent_skill WHERE workspace_id = $1 AND agent_id = $2 ORDER BY skill_id

-- name: clear
DELETE FROM agent_skill WHERE workspace_id = $1 AND agent_id = $2

-- name: give
INSERT INTO agent_skill (workspace_id, agent_id, skill_id) VALUES ($1, $2, $3)
