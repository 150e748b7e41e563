//! PostgreSQL's own words.

/// Sequence order is not commit order, so readers go by `(txid, seq)` and stop before the oldest open transaction.
pub const EVENT_TABLE: &str = "CREATE TABLE event (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  txid BIGINT NOT NULL DEFAULT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT),
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT,
  kind TEXT NOT NULL,
  conversation_id BIGINT,
  inbox_id BIGINT,
  data TEXT NOT NULL
);
CREATE INDEX event_log ON event (txid, seq);";

/// Words in order, so that phrases can be asked for.
pub const SEARCH_TABLE: &str = "CREATE TABLE search (
  message_id BIGINT PRIMARY KEY,
  terms TSVECTOR NOT NULL
);
CREATE INDEX search_terms ON search USING GIN (terms);";

/// `$1` cursor txid, `$2` cursor seq, `$3` limit. What is not settled yet may still get a neighbour before it.
pub const EVENTS_AFTER: &str = "SELECT seq, txid, workspace_id, id, at, actor_kind, actor_id, kind, conversation_id, inbox_id, data,
       txid < (SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)) AS settled
  FROM event WHERE (txid, seq) > ($1, $2) ORDER BY txid, seq LIMIT $3";

/// How many events follow a cursor, counted up to `$3`, and when the first of them was. Parameters as above.
pub const EVENTS_BEHIND: &str = "SELECT COUNT(*) AS n, MIN(at) AS first FROM (SELECT at FROM event
  WHERE (txid, seq) > ($1, $2) AND txid < (SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT))
  ORDER BY txid, seq LIMIT $3) AS behind";

/// The end of the log that every reader can see.
pub const EVENT_HEAD: &str = "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) - 1 AS txid, 9223372036854775807 AS seq";

/// Claims due jobs. `$1` lease, `$2` until, `$3` now, `$4` limit.
pub const CLAIM_JOBS: &str = "UPDATE job SET state = 'running', lease = $1, leased_until = $2, attempts = attempts + 1
  WHERE id IN (SELECT id FROM job WHERE state = 'ready' AND run_at <= $3 ORDER BY run_at, id LIMIT $4 FOR UPDATE SKIP LOCKED)
  RETURNING id, workspace_id, kind, payload, attempts, created_at";

/// `$1` message id, `$2` terms with positions, as `'a':1 'b':2`.
pub const SEARCH_PUT: &str = "INSERT INTO search (message_id, terms) VALUES ($1, CAST($2 AS TSVECTOR))";

/// `$1` message id.
pub const SEARCH_REMOVE: &str = "DELETE FROM search WHERE message_id = $1";
