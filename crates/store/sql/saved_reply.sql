-- name: insert
INSERT INTO saved_reply (workspace_id, id, name, name_folded, folder_id, visibility, team_id, owner_id, used, last_used_at, created_at,
  updated_at, archived_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, NULL, $9, $9, NULL, 1)

-- name: update
UPDATE saved_reply SET name = $3, name_folded = $4, folder_id = $5, visibility = $6, team_id = $7, updated_at = $8, archived_at = $9,
  version = version + 1
 WHERE workspace_id = $1 AND id = $2

-- name: used
UPDATE saved_reply SET used = used + 1, last_used_at = $3 WHERE workspace_id = $1 AND id = $2

-- name: count
SELECT COUNT(*) AS n FROM saved_reply WHERE workspace_id = $1

-- name: texts
SELECT language, html, preview FROM saved_reply_text WHERE workspace_id = $1 AND saved_reply_id = $2 ORDER BY language

-- name: previews
SELECT saved_reply_id, language, preview FROM saved_reply_text WHERE workspace_id = $1 ORDER BY saved_reply_id, language

-- name: clear_texts
DELETE FROM saved_reply_text WHERE workspace_id = $1 AND saved_reply_id = $2

-- name: put_text
INSERT INTO saved_reply_text (workspace_id, saved_reply_id, language, html, preview) VALUES ($1, $2, $3, $4, $5)

-- name: files
SELECT a.id, a.message_id, a.filename, a.content_type, a.size, a.inline, a.content_id, a.sha256 FROM saved_reply_file f
  JOIN attachment a ON a.workspace_id = f.workspace_id AND a.id = f.attachment_id
 WHERE f.workspace_id = $1 AND f.saved_reply_id = $2 ORDER BY a.id

-- name: take_upload
-- Only a free upload of the same agent; it is the reply's from now on.
UPDATE attachment SET uploaded_by = NULL WHERE workspace_id = $1 AND id = $2 AND uploaded_by = $3 AND message_id IS NULL

-- name: put_file
INSERT INTO saved_reply_file (workspace_id, attachment_id, saved_reply_id) VALUES ($1, $2, $3)

-- name: drop_file
DELETE FROM saved_reply_file WHERE workspace_id = $1 AND attachment_id = $2

-- name: copy_file
-- The same bytes as an upload of an agent.
INSERT INTO attachment (workspace_id, id, uploaded_by, filename, content_type, size, inline, content_id, sha256, created_at)
SELECT workspace_id, CAST($3 AS BIGINT), CAST($4 AS BIGINT), filename, content_type, size, inline, content_id, sha256, CAST($5 AS BIGINT)
  FROM attachment WHERE workspace_id = $1 AND id = $2
