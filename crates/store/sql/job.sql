-- name: insert
INSERT INTO job (id, workspace_id, kind, payload, state, run_at, attempts, created_at) VALUES ($1, $2, $3, $4, 'ready', $5, 0, $6)

-- name: done
-- Fenced: a runner whose lease went to another changes nothing.
DELETE FROM job WHERE id = $1 AND lease = $2

-- name: retry
UPDATE job SET state = 'ready', lease = NULL, leased_until = NULL, run_at = $3, last_error = $4 WHERE id = $1 AND lease = $2

-- name: put_back
-- A try that our own storage spoiled does not count.
UPDATE job SET state = 'ready', lease = NULL, leased_until = NULL, attempts = attempts - 1, run_at = $3, last_error = $4 WHERE id = $1 AND lease = $2

-- name: park
UPDATE job SET state = 'parked', lease = NULL, leased_until = NULL, last_error = $3 WHERE id = $1 AND lease = $2

-- name: keep
UPDATE job SET leased_until = $3 WHERE id = $1 AND lease = $2

-- name: free_claim
-- A claim whose commit was in doubt: it may stand, though nobody works on it.
UPDATE job SET state = 'ready', lease = NULL, leased_until = NULL, attempts = attempts - 1 WHERE lease = $1

-- name: expire
UPDATE job SET state = 'ready', lease = NULL, leased_until = NULL WHERE state = 'running' AND leased_until < $1

-- name: next_due
SELECT MIN(run_at) AS at FROM job WHERE state = 'ready'

-- name: count
SELECT state, COUNT(*) AS n FROM job GROUP BY state

-- name: drop_due
-- One that waits for a time, found by that time.
DELETE FROM job WHERE state = 'ready' AND run_at = $2 AND workspace_id = $1 AND kind = $3 AND payload = $4

-- name: forget
DELETE FROM job WHERE workspace_id = $1 AND kind = $2

