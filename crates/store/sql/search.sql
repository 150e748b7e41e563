-- name: forget_word
DELETE FROM search_word WHERE workspace_id = $1 AND word = $2
