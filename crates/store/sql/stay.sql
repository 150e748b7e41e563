-- name: get
SELECT visitor_id, number, began_at, page_at, seen_at AS stay_seen_at, pages, trail, attributes, events, invitation FROM stay
 WHERE workspace_id = $1 AND visitor_id = $2

-- name: put
INSERT INTO stay (workspace_id, visitor_id, number, began_at, page_at, seen_at, pages, trail, attributes, events, invitation)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (workspace_id, visitor_id) DO UPDATE SET number = $3, began_at = $4, page_at = $5, seen_at = $6, pages = $7, trail = $8,
  attributes = $9, events = $10, invitation = $11

-- name: forget
DELETE FROM stay WHERE workspace_id = $1 AND visitor_id = $2

-- name: expire
DELETE FROM stay WHERE seen_at < $1

-- name: count
-- One more was shown, or answered.
INSERT INTO invitation_count (workspace_id, inbox_id, rule, shown, answered) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, inbox_id, rule) DO UPDATE SET shown = invitation_count.shown + $4, answered = invitation_count.answered + $5

-- name: counts
SELECT rule, shown, answered FROM invitation_count WHERE workspace_id = $1 AND inbox_id = $2 ORDER BY rule
