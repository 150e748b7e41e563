-- name: insert
INSERT INTO view (workspace_id, id, version, name, folder, audience_kind, audience_id, filter, sort, position, created_at, updated_at,
  columns, divided_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)

-- name: update
UPDATE view SET version = version + 1, name = $3, folder = $4, audience_kind = $5, audience_id = $6, filter = $7, sort = $8,
  position = $9, updated_at = $10, columns = $11, divided_by = $12
 WHERE workspace_id = $1 AND id = $2

-- name: delete
DELETE FROM view WHERE workspace_id = $1 AND id = $2

-- name: visible
-- What an agent sees: their own, their teams' and everyone's. Cost: O(views of the workspace), at most 1,000.
SELECT v.id, v.version, v.name, v.folder, v.audience_kind, v.audience_id, v.filter, v.sort, v.position, v.created_at, v.updated_at,
       v.columns, v.divided_by
  FROM view v
 WHERE v.workspace_id = $1
   AND (v.audience_kind = 'everyone'
     OR (v.audience_kind = 'personal' AND v.audience_id = $2)
     OR (v.audience_kind = 'team' AND EXISTS (SELECT 1 FROM team_member m
           WHERE m.workspace_id = $1 AND m.team_id = v.audience_id AND m.agent_id = $2)))
 ORDER BY v.position, v.name, v.id LIMIT 1000

-- name: total
SELECT COUNT(*) AS n FROM view WHERE workspace_id = $1

-- name: delete_of_team
DELETE FROM view WHERE workspace_id = $1 AND audience_kind = 'team' AND audience_id = $2
