-- name: insert
INSERT INTO resumable (workspace_id, id, agent_id, filename, content_type, size, received, attachment_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, 0, NULL, $7)

-- name: find
-- Only its owner's, and only while it lasts.
SELECT id, agent_id, filename, content_type, size, received, attachment_id, created_at FROM resumable
 WHERE workspace_id = $1 AND agent_id = $2 AND id = $3 AND created_at > $4

-- name: open
SELECT COUNT(*) AS n FROM resumable WHERE workspace_id = $1 AND agent_id = $2 AND attachment_id IS NULL AND created_at > $3

-- name: grow
-- Of two that continue at the same place, one does.
UPDATE resumable SET received = received + $4 WHERE workspace_id = $1 AND id = $2 AND received = $3 AND received + $4 <= size AND attachment_id IS NULL
   AND created_at > 0

-- name: insert_part
INSERT INTO resumable_part (workspace_id, upload_id, begins_at, place) VALUES ($1, $2, $3, $4)

-- name: parts
SELECT place FROM resumable_part WHERE workspace_id = $1 AND upload_id = $2 ORDER BY begins_at

-- name: count_parts
SELECT COUNT(*) AS n FROM resumable_part WHERE workspace_id = $1 AND upload_id = $2

-- name: done
UPDATE resumable SET attachment_id = $3 WHERE workspace_id = $1 AND id = $2 AND attachment_id IS NULL AND received = size AND created_at > 0

-- name: forget_parts
DELETE FROM resumable_part WHERE workspace_id = $1 AND upload_id = $2

-- name: remove
-- As old as can be: nobody finds it any more, and it goes with the expired ones, its pieces first.
UPDATE resumable SET created_at = 0 WHERE workspace_id = $1 AND agent_id = $2 AND id = $3 AND created_at > 0

-- name: expired
-- One that is too old and still has pieces, in any workspace. Few rows: a day's large uploads.
SELECT r.workspace_id, r.id FROM resumable r
 WHERE r.created_at <= $1
   AND EXISTS (SELECT 1 FROM resumable_part p WHERE p.workspace_id = r.workspace_id AND p.upload_id = r.id)
 LIMIT 1

-- name: expire
-- In every workspace. Few rows: a day's large uploads.
DELETE FROM resumable
 WHERE created_at <= $1
   AND NOT EXISTS (SELECT 1 FROM resumable_part p WHERE p.workspace_id = resumable.workspace_id AND p.upload_id = resumable.id)

-- name: forget
-- After a restore their pieces are not there.
DELETE FROM resumable
