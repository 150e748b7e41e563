-- name: start
INSERT INTO listener (name, txid, seq) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING

-- name: at
SELECT txid, seq FROM listener WHERE name = $1

-- name: move
UPDATE listener SET txid = $2, seq = $3 WHERE name = $1
