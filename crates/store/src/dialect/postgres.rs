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

/// Subjects, customers, and the words of the messages. The indexes know for each row in which stretches of time it is, from
/// some hours to some weeks: so the newest rows with a word are found without reading all that hold it.
pub const SEARCH_MORE: &str = "CREATE TABLE search_subject (
  id BIGINT PRIMARY KEY,
  terms TSVECTOR NOT NULL
);
CREATE TABLE search_customer (
  id BIGINT PRIMARY KEY,
  terms TSVECTOR NOT NULL
);
CREATE TABLE search_word (
  workspace_id BIGINT NOT NULL,
  word TEXT COLLATE \"C\" NOT NULL,
  PRIMARY KEY (workspace_id, word)
);
DROP INDEX search_terms;
CREATE INDEX search_terms ON search USING GIN (terms, (ARRAY[(message_id >> 45) * 4, (message_id >> 48) * 4 + 1, (message_id >> 51) * 4 + 2, (message_id >> 54) * 4 + 3]));
CREATE INDEX search_subject_terms ON search_subject USING GIN (terms, (ARRAY[(id >> 45) * 4, (id >> 48) * 4 + 1, (id >> 51) * 4 + 2, (id >> 54) * 4 + 3]));
CREATE INDEX search_customer_terms ON search_customer USING GIN (terms);
INSERT INTO search_word (workspace_id, word) SELECT w.id, v.word FROM ts_stat('SELECT terms FROM search') v CROSS JOIN workspace w;";

/// Empties the indexes of messages and subjects, and has room for more words in a row beside its others. What was written last waits
/// in a list that each search reads whole, and once for each word of a beginning: 256 kB of it is read in a few milliseconds, the
/// usual 4 MB in some thirty.
pub const SEARCH_AGAIN: &str = "SET LOCAL statement_timeout = 0;
DROP INDEX search_terms;
TRUNCATE search, search_subject;
ALTER INDEX search_subject_terms SET (gin_pending_list_limit = 256);
ALTER INDEX search_customer_terms SET (gin_pending_list_limit = 256);
ALTER TABLE search SET (toast_tuple_target = 8160)";

/// Makes the index of the messages again, as [`SEARCH_MORE`] does, with the same short list as the others.
pub const SEARCH_INDEX: &str = "CREATE INDEX IF NOT EXISTS search_terms ON search USING GIN (terms, (ARRAY[(message_id >> 45) * 4, (message_id >> 48) * 4 + 1, (message_id >> 51) * 4 + 2, (message_id >> 54) * 4 + 3])) WITH (gin_pending_list_limit = 256)";

/// The stretches of time of an id, coarser with each step, as the indexes have them.
pub const STRETCHES: [u32; 4] = [45, 48, 51, 54];

/// `$1` message id, `$2` terms with positions, as `'a':1 'b':2`.
pub const SEARCH_PUT: &str = "INSERT INTO search (message_id, terms) VALUES ($1, CAST($2 AS TSVECTOR))";

/// `$1` message id.
pub const SEARCH_REMOVE: &str = "DELETE FROM search WHERE message_id = $1";

/// `$1` conversation id, `$2` terms.
pub const SUBJECT_PUT: &str =
    "INSERT INTO search_subject (id, terms) VALUES ($1, CAST($2 AS TSVECTOR)) ON CONFLICT (id) DO UPDATE SET terms = excluded.terms";

/// `$1` conversation id.
pub const SUBJECT_REMOVE: &str = "DELETE FROM search_subject WHERE id = $1";

/// `$1` customer id, `$2` terms.
pub const CUSTOMER_PUT: &str =
    "INSERT INTO search_customer (id, terms) VALUES ($1, CAST($2 AS TSVECTOR)) ON CONFLICT (id) DO UPDATE SET terms = excluded.terms";

/// `$1` workspace, `$2` words as a JSON list, each once and in their order: two who meet never wait for each other in a ring.
pub const WORDS_PUT: &str = "INSERT INTO search_word (workspace_id, word)
  SELECT $1, w FROM json_array_elements_text(CAST($2 AS JSON)) AS w ON CONFLICT DO NOTHING";

/// Counts `$6` more at inbox `$2`, team `$3`, assignee `$4` and bucket `$5` of workspace `$1`. A row is held until its
/// transaction ends, so each connection has a slot that it shares with few others.
pub const COUNT: &str = "INSERT INTO conversation_count (workspace_id, inbox_id, team_id, assignee_id, bucket, slot, n)
  VALUES ($1, $2, $3, $4, $5, pg_backend_pid() % 16, $6)
  ON CONFLICT (workspace_id, inbox_id, team_id, assignee_id, bucket, slot) DO UPDATE SET n = conversation_count.n + excluded.n";
