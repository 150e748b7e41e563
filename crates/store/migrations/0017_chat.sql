-- The messenger of an inbox on somebody's site. Its key is public and leads here without a workspace.
CREATE TABLE widget (
  workspace_id BIGINT NOT NULL,
  inbox_id BIGINT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  version BIGINT NOT NULL,
  settings TEXT NOT NULL,
  secret {bytes},
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id),
  FOREIGN KEY (workspace_id, inbox_id) REFERENCES inbox (workspace_id, id) ON DELETE CASCADE
) {clustered};

-- Browsers that opened a widget. Of their token only the hash is kept.
CREATE TABLE visitor (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  inbox_id BIGINT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  customer_id BIGINT,
  identity TEXT,
  identified_until BIGINT,
  name TEXT,
  email TEXT,
  locale TEXT NOT NULL,
  page TEXT,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  connected_until BIGINT,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, inbox_id) REFERENCES widget (workspace_id, inbox_id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, customer_id) REFERENCES customer (workspace_id, id)
) {clustered};
CREATE INDEX visitor_customer ON visitor (workspace_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX visitor_inbox ON visitor (workspace_id, inbox_id);
CREATE INDEX visitor_idle ON visitor (seen_at) WHERE customer_id IS NULL;

-- Who a site says that its visitors are, and whom we know them as.
CREATE TABLE customer_identity (
  workspace_id BIGINT NOT NULL,
  inbox_id BIGINT NOT NULL,
  subject TEXT NOT NULL,
  customer_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id, subject),
  FOREIGN KEY (workspace_id, customer_id) REFERENCES customer (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX customer_identity_customer ON customer_identity (workspace_id, customer_id);

-- What a conversation in the widget has besides.
CREATE TABLE chat (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  inbox_id BIGINT NOT NULL,
  visitor_id BIGINT NOT NULL,
  identity TEXT,
  locale TEXT NOT NULL,
  customer_read BIGINT,
  agent_read BIGINT,
  hold_until BIGINT,
  hold_text TEXT,
  ended_at BIGINT,
  ended_by_kind TEXT,
  ended_by_id BIGINT,
  left_at BIGINT,
  mail TEXT,
  mailed BIGINT,
  mail_due BIGINT,
  rating BIGINT,
  rating_comment TEXT,
  rated_at BIGINT,
  form TEXT NOT NULL,
  page TEXT,
  PRIMARY KEY (workspace_id, conversation_id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX chat_visitor ON chat (workspace_id, visitor_id, conversation_id);
CREATE INDEX chat_identity ON chat (workspace_id, inbox_id, identity, conversation_id) WHERE identity IS NOT NULL;

-- The keys that visitors' messages were sent with: twice is once.
CREATE TABLE chat_key (
  workspace_id BIGINT NOT NULL,
  visitor_id BIGINT NOT NULL,
  key TEXT NOT NULL,
  conversation_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, visitor_id, key),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX chat_key_message ON chat_key (workspace_id, message_id);
CREATE INDEX chat_key_conversation ON chat_key (workspace_id, conversation_id);
