-- name: taken
SELECT id FROM node WHERE leased_until > $1

-- name: take
INSERT INTO node (id, leased_until, lease) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET leased_until = excluded.leased_until, lease = excluded.lease

-- name: keep
UPDATE node SET leased_until = $2 WHERE id = $1 AND lease = $3

-- name: leave
DELETE FROM node WHERE id = $1 AND lease = $2
