-- name: hit
-- Counts at once and says how many there are, so that limits hold for parallel tries.
INSERT INTO throttle (bucket, window_start, hits) VALUES ($1, $2, 1)
ON CONFLICT (bucket, window_start) DO UPDATE SET hits = throttle.hits + 1
RETURNING hits

-- name: forgive
UPDATE throttle SET hits = hits - 1 WHERE bucket = $1 AND window_start = $2 AND hits > 0

-- name: expire
DELETE FROM throttle WHERE window_start < $1
