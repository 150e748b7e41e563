-- name: insert
INSERT INTO company (workspace_id, id, version, name, name_folded, external_id, notes, created_at, updated_at)
VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $7)

-- name: update
UPDATE company SET version = version + 1, name = $3, name_folded = $4, external_id = $5, notes = $6, updated_at = $7
 WHERE workspace_id = $1 AND id = $2

-- name: get
SELECT id, version, name, external_id, notes, created_at, updated_at FROM company WHERE workspace_id = $1 AND id = $2

-- name: delete
DELETE FROM company WHERE workspace_id = $1 AND id = $2

-- name: leave
-- Everybody in a company is in none. Cost: O(its customers).
UPDATE customer SET company_id = NULL, version = version + 1 WHERE workspace_id = $1 AND company_id = $2

-- name: move
-- Everybody in a company is in another. Cost: O(its customers).
UPDATE customer SET company_id = $3, version = version + 1 WHERE workspace_id = $1 AND company_id = $2

-- name: domains
SELECT domain FROM company_domain WHERE workspace_id = $1 AND company_id = $2 ORDER BY domain

-- name: put_domain
INSERT INTO company_domain (workspace_id, domain, company_id, path) VALUES ($1, $2, $3, $4)

-- name: remove_domain
DELETE FROM company_domain WHERE workspace_id = $1 AND domain = $2 AND company_id = $3

-- name: move_domains
UPDATE company_domain SET company_id = $3 WHERE workspace_id = $1 AND company_id = $2

-- name: of_domain
SELECT d.company_id, k.name FROM company_domain d JOIN company k ON k.workspace_id = $1 AND k.id = d.company_id
 WHERE d.workspace_id = $1 AND d.domain = $2

-- name: clear_words
DELETE FROM company_word WHERE workspace_id = $1 AND company_id = $2

-- name: put_word
INSERT INTO company_word (workspace_id, word, company_id) VALUES ($1, $2, $3) ON CONFLICT (workspace_id, word, company_id) DO NOTHING

-- name: total
SELECT COUNT(*) AS n FROM company WHERE workspace_id = $1

-- name: candidates
-- How many who write from a domain `$2` (as a path), or from below it (`$3` up to `$4`), are in no company, counted no further than
-- `$6`. Those whose domain leads to another company by a longer match stay out. Cost: O(them), on one index.
SELECT COUNT(*) AS n FROM (SELECT DISTINCT e.customer_id FROM customer_email e
  JOIN customer u ON u.workspace_id = $1 AND u.id = e.customer_id
 WHERE e.workspace_id = $1 AND (e.domain_path = $2 OR (e.domain_path >= $3 AND e.domain_path < $4)) AND u.company_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM company_domain d WHERE d.workspace_id = $1 AND d.path >= $3 AND d.path < $4 AND d.company_id <> $5
     AND (d.path = e.domain_path OR substr(e.domain_path, 1, length(d.path) + 1) = d.path || '.')) LIMIT $6) found

-- name: take_in
-- They are in company `$5` now.
UPDATE customer SET company_id = $5, version = version + 1
 WHERE workspace_id = $1 AND id IN (SELECT DISTINCT e.customer_id FROM customer_email e
  JOIN customer u ON u.workspace_id = $1 AND u.id = e.customer_id
 WHERE e.workspace_id = $1 AND (e.domain_path = $2 OR (e.domain_path >= $3 AND e.domain_path < $4)) AND u.company_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM company_domain d WHERE d.workspace_id = $1 AND d.path >= $3 AND d.path < $4 AND d.company_id <> $5
     AND (d.path = e.domain_path OR substr(e.domain_path, 1, length(d.path) + 1) = d.path || '.')) LIMIT $6)

-- name: name_instead_in_views
-- Ids have one length and a prefix: none is a part of another.
UPDATE view SET filter = REPLACE(filter, $2, $3), version = version + 1, updated_at = $4
 WHERE workspace_id = $1 AND filter <> REPLACE(filter, $2, $3)
