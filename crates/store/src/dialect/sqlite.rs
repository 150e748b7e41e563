//! SQLite's own words.

/// One writer: the order of `seq` is the order of commits.
pub const EVENT_TABLE: &str = "CREATE TABLE event (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  txid BIGINT NOT NULL DEFAULT 0,
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT,
  kind TEXT NOT NULL,
  conversation_id BIGINT,
  inbox_id BIGINT,
  data TEXT NOT NULL
);";

/// Contentless: only the index is kept; the words stand in the messages. The rowid is the message's id.
pub const SEARCH_TABLE: &str = "CREATE VIRTUAL TABLE search USING fts5 (
  terms, content = '', contentless_delete = 1, detail = 'full',
  tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\"
);";

/// `$1` cursor txid, `$2` cursor seq, `$3` limit. One writer: what can be read is settled.
pub const EVENTS_AFTER: &str = "SELECT seq, txid, workspace_id, id, at, actor_kind, actor_id, kind, conversation_id, inbox_id, data, TRUE AS settled
  FROM event WHERE seq > $2 AND txid >= $1 ORDER BY seq LIMIT $3";

/// How many events follow a cursor, counted up to `$3`, and when the first of them was. Parameters as above.
pub const EVENTS_BEHIND: &str = "SELECT COUNT(*) AS n, MIN(at) AS first FROM (SELECT at FROM event
  WHERE seq > $2 AND txid >= $1 ORDER BY seq LIMIT $3) AS behind";

/// The end of the log.
pub const EVENT_HEAD: &str = "SELECT 0 AS txid, COALESCE((SELECT seq FROM event ORDER BY seq DESC LIMIT 1), 0) AS seq";

/// Claims due jobs. `$1` lease, `$2` until, `$3` now, `$4` limit.
pub const CLAIM_JOBS: &str = "UPDATE job SET state = 'running', lease = $1, leased_until = $2, attempts = attempts + 1
  WHERE id IN (SELECT id FROM job WHERE state = 'ready' AND run_at <= $3 ORDER BY run_at, id LIMIT $4)
  RETURNING id, workspace_id, kind, payload, attempts, created_at";

/// Subjects, customers, and the words of the messages. The rowid is the conversation's or the customer's id.
pub const SEARCH_MORE: &str = "CREATE VIRTUAL TABLE search_subject USING fts5 (
  terms, content = '', contentless_delete = 1, detail = 'full',
  tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\"
);
CREATE VIRTUAL TABLE search_customer USING fts5 (
  terms, content = '', contentless_delete = 1, detail = 'full',
  tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\"
);
CREATE TABLE search_word (
  workspace_id BIGINT NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (workspace_id, word)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE temp.search_known USING fts5vocab (main, search, row);
INSERT INTO search_word (workspace_id, word) SELECT w.id, v.term FROM search_known v CROSS JOIN workspace w;
DROP TABLE temp.search_known;";

/// Empties the indexes of messages and subjects.
pub const SEARCH_AGAIN: &str = "INSERT INTO search (search) VALUES ('delete-all');
INSERT INTO search_subject (search_subject) VALUES ('delete-all');";

/// `$1` message id, `$2` terms.
pub const SEARCH_PUT: &str = "INSERT INTO search (rowid, terms) VALUES ($1, $2)";

/// `$1` message id.
pub const SEARCH_REMOVE: &str = "DELETE FROM search WHERE rowid = $1";

/// `$1` conversation id, `$2` terms.
pub const SUBJECT_PUT: &str = "INSERT OR REPLACE INTO search_subject (rowid, terms) VALUES ($1, $2)";

/// `$1` conversation id.
pub const SUBJECT_REMOVE: &str = "DELETE FROM search_subject WHERE rowid = $1";

/// `$1` customer id, `$2` terms.
pub const CUSTOMER_PUT: &str = "INSERT OR REPLACE INTO search_customer (rowid, terms) VALUES ($1, $2)";

/// `$1` workspace, `$2` a word.
pub const WORD_PUT: &str = "INSERT OR IGNORE INTO search_word (workspace_id, word) VALUES ($1, $2)";

/// Counts `$6` more at inbox `$2`, team `$3`, assignee `$4` and bucket `$5` of workspace `$1`. One writes at a time, so one slot will do.
pub const COUNT: &str = "INSERT INTO conversation_count (workspace_id, inbox_id, team_id, assignee_id, bucket, slot, n)
  VALUES ($1, $2, $3, $4, $5, 0, $6)
  ON CONFLICT (workspace_id, inbox_id, team_id, assignee_id, bucket, slot) DO UPDATE SET n = conversation_count.n + excluded.n";
