-- The foundation. One text for both databases; `{…}` words are filled in by `migrate.rs`:
--   {bytes} BLOB | BYTEA      {clustered} WITHOUT ROWID | nothing      {event_seq} {event_txid} columns of the log
-- Times are Unix milliseconds. Raw ids everywhere; workspace_id leads each key and each index.

CREATE TABLE node (
  id BIGINT PRIMARY KEY,
  leased_until BIGINT NOT NULL,
  lease TEXT NOT NULL
);

-- Facts about the installation as a whole: the fingerprint of its key.
CREATE TABLE installation (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE workspace (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE agent (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  email TEXT NOT NULL,
  email_folded TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  password_hash TEXT,
  language TEXT NOT NULL,
  time_zone TEXT,
  signature_html TEXT NOT NULL,
  preferences TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT,
  deactivated_at BIGINT,
  PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE TABLE team (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, name_folded)
) {clustered};

CREATE TABLE team_member (
  workspace_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, team_id, agent_id),
  FOREIGN KEY (workspace_id, team_id) REFERENCES team (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX team_member_agent ON team_member (workspace_id, agent_id);

CREATE TABLE inbox (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  address_folded TEXT NOT NULL,
  from_name TEXT,
  signature_html TEXT NOT NULL,
  open_to_all BOOLEAN NOT NULL,
  acknowledgement TEXT NOT NULL,
  closed_policy TEXT NOT NULL,
  incoming TEXT NOT NULL,
  outgoing TEXT NOT NULL,
  incoming_secret {bytes},
  outgoing_secret {bytes},
  incoming_health TEXT NOT NULL,
  outgoing_health TEXT NOT NULL,
  imap_cursor TEXT,
  imap_lease TEXT,
  imap_leased_until BIGINT,
  created_at BIGINT NOT NULL,
  archived_at BIGINT,
  PRIMARY KEY (workspace_id, id)
) {clustered};
-- An address leads to one inbox in the whole installation: mail carries no workspace.
CREATE UNIQUE INDEX inbox_address ON inbox (address_folded) WHERE archived_at IS NULL;

CREATE TABLE inbox_member (
  workspace_id BIGINT NOT NULL,
  inbox_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id, agent_id),
  FOREIGN KEY (workspace_id, inbox_id) REFERENCES inbox (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX inbox_member_agent ON inbox_member (workspace_id, agent_id);

CREATE TABLE session (
  hash TEXT PRIMARY KEY,
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  user_agent TEXT NOT NULL,
  ip TEXT NOT NULL,
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX session_agent ON session (workspace_id, agent_id);

CREATE TABLE api_token (
  hash TEXT PRIMARY KEY,
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT,
  expires_at BIGINT,
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX api_token_agent ON api_token (workspace_id, agent_id);

-- Words that work once: set-up link, password reset. Only the hash is kept.
CREATE TABLE one_time_token (
  hash TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  workspace_id BIGINT,
  subject_id BIGINT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE TABLE invitation (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL,
  email_folded TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  language TEXT NOT NULL,
  inbox_ids TEXT NOT NULL,
  team_ids TEXT NOT NULL,
  invited_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, email_folded)
) {clustered};

-- Failed tries and sent automatic mail, counted in windows: brute force, acknowledgement caps.
CREATE TABLE throttle (
  bucket TEXT NOT NULL,
  window_start BIGINT NOT NULL,
  hits BIGINT NOT NULL,
  PRIMARY KEY (bucket, window_start)
) {clustered};

CREATE TABLE blob (
  workspace_id BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  size BIGINT NOT NULL,
  bytes {bytes},
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, sha256)
);

CREATE TABLE customer (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  email TEXT,
  language TEXT,
  notes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT,
  conversation_count BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) {clustered};
CREATE INDEX customer_name ON customer (workspace_id, name_folded, id);

CREATE TABLE customer_email (
  workspace_id BIGINT NOT NULL,
  address_folded TEXT NOT NULL,
  address TEXT NOT NULL,
  customer_id BIGINT NOT NULL,
  verified BOOLEAN NOT NULL,
  PRIMARY KEY (workspace_id, address_folded),
  FOREIGN KEY (workspace_id, customer_id) REFERENCES customer (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX customer_email_customer ON customer_email (workspace_id, customer_id);

-- Addresses that automatic mail no longer goes to.
CREATE TABLE suppression (
  workspace_id BIGINT NOT NULL,
  address_folded TEXT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, address_folded)
) {clustered};

CREATE TABLE counter (
  workspace_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, name)
) {clustered};

-- A list row is one read: the last words, the counters and the times ride in the conversation itself.
CREATE TABLE conversation (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  version BIGINT NOT NULL,
  inbox_id BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  subject TEXT NOT NULL,
  channel TEXT NOT NULL,
  status TEXT NOT NULL,
  status_time BIGINT,
  bucket BIGINT NOT NULL,
  priority BIGINT NOT NULL,
  assignee_id BIGINT,
  team_id BIGINT,
  preview TEXT NOT NULL,
  message_count BIGINT NOT NULL,
  reply_token TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  last_activity_at BIGINT NOT NULL,
  last_customer_at BIGINT,
  last_reply_at BIGINT,
  waiting_since BIGINT,
  merged_into BIGINT,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, number),
  FOREIGN KEY (workspace_id, inbox_id) REFERENCES inbox (workspace_id, id),
  FOREIGN KEY (workspace_id, customer_id) REFERENCES customer (workspace_id, id),
  FOREIGN KEY (workspace_id, assignee_id) REFERENCES agent (workspace_id, id),
  FOREIGN KEY (workspace_id, team_id) REFERENCES team (workspace_id, id)
) {clustered};
CREATE UNIQUE INDEX conversation_reply_token ON conversation (reply_token);
CREATE INDEX conversation_newest ON conversation (workspace_id, bucket, last_activity_at, id);
CREATE INDEX conversation_everything ON conversation (workspace_id, last_activity_at, id);
CREATE INDEX conversation_unassigned ON conversation (workspace_id, bucket, last_activity_at, id) WHERE assignee_id IS NULL;
CREATE INDEX conversation_assignee ON conversation (workspace_id, assignee_id, bucket, last_activity_at, id);
CREATE INDEX conversation_team ON conversation (workspace_id, team_id, bucket, last_activity_at, id);
CREATE INDEX conversation_inbox ON conversation (workspace_id, inbox_id, bucket, last_activity_at, id);
CREATE INDEX conversation_waiting ON conversation (workspace_id, bucket, waiting_since, id) WHERE waiting_since IS NOT NULL;
CREATE INDEX conversation_customer ON conversation (workspace_id, customer_id, last_activity_at, id);

-- What the views count, kept by the transactions that move conversations. Spread over slots so that two nodes that
-- write at once seldom meet in one row.
CREATE TABLE conversation_count (
  workspace_id BIGINT NOT NULL,
  inbox_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  assignee_id BIGINT NOT NULL,
  bucket BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id, team_id, assignee_id, bucket, slot)
) {clustered};

CREATE TABLE message (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  author_kind TEXT NOT NULL,
  author_id BIGINT,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  html TEXT,
  reply_text TEXT NOT NULL,
  from_name TEXT,
  from_address TEXT,
  recipients TEXT NOT NULL,
  rfc_message_id TEXT,
  inbound_mail_id BIGINT,
  created_at BIGINT NOT NULL,
  sent_at BIGINT,
  authentication TEXT,
  held BOOLEAN NOT NULL,
  forwarded_by TEXT,
  delivery_state TEXT,
  undo_until BIGINT,
  attempts BIGINT NOT NULL,
  next_attempt_at BIGINT,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX message_conversation ON message (workspace_id, conversation_id, id);

CREATE TABLE message_recipient (
  workspace_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  address TEXT NOT NULL,
  state TEXT NOT NULL,
  code TEXT,
  detail TEXT,
  at BIGINT,
  PRIMARY KEY (workspace_id, message_id, address),
  FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
) {clustered};

-- Message-IDs of other people's mails, to thread by. `hash` is the SHA-256 of the id.
CREATE TABLE mail_reference (
  workspace_id BIGINT NOT NULL,
  hash TEXT NOT NULL,
  conversation_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, hash, conversation_id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE
) {clustered};

CREATE TABLE participant (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  address_folded TEXT NOT NULL,
  address TEXT NOT NULL,
  name TEXT,
  customer_id BIGINT,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id, address_folded),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE
) {clustered};

CREATE TABLE attachment (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  message_id BIGINT,
  uploaded_by BIGINT,
  filename TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  inline BOOLEAN NOT NULL,
  content_id TEXT,
  sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) {clustered};
CREATE INDEX attachment_message ON attachment (workspace_id, message_id);

CREATE TABLE draft (
  workspace_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  html TEXT NOT NULL,
  recipients TEXT NOT NULL,
  attachment_ids TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, agent_id, conversation_id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};

CREATE TABLE read_state (
  workspace_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  read_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, agent_id, conversation_id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE
) {clustered};

CREATE TABLE tag (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  color TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, name_folded)
) {clustered};

CREATE TABLE conversation_tag (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  tag_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id, tag_id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, tag_id) REFERENCES tag (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX conversation_tag_tag ON conversation_tag (workspace_id, tag_id, conversation_id);

-- A mail as it arrived. Stored before it is accepted; understood afterwards, and again whenever asked.
CREATE TABLE inbound_mail (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  inbox_id BIGINT,
  via TEXT NOT NULL,
  state TEXT NOT NULL,
  envelope_from TEXT,
  envelope_to TEXT,
  remote_ip TEXT,
  helo TEXT,
  from_address TEXT,
  subject TEXT,
  sha256 TEXT NOT NULL,
  size BIGINT NOT NULL,
  duplicate_key TEXT,
  received_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  error TEXT,
  conversation_id BIGINT,
  message_id BIGINT,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, inbox_id) REFERENCES inbox (workspace_id, id)
) {clustered};
CREATE INDEX inbound_mail_state ON inbound_mail (workspace_id, state, id);
-- One mail is one message in an inbox, however often and whichever way it comes.
CREATE UNIQUE INDEX inbound_mail_once ON inbound_mail (workspace_id, inbox_id, duplicate_key) WHERE duplicate_key IS NOT NULL;

{event_table}
CREATE INDEX event_conversation ON event (workspace_id, conversation_id, id);
CREATE INDEX event_audit ON event (workspace_id, id);

CREATE TABLE job (
  id BIGINT PRIMARY KEY,
  workspace_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  lease TEXT,
  leased_until BIGINT,
  last_error TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX job_due ON job (state, run_at, id);

CREATE TABLE idempotency (
  workspace_id BIGINT NOT NULL,
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status BIGINT,
  body TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, actor, key)
) {clustered};

{search_table}
