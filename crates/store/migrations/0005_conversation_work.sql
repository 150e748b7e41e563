-- The trash and spam, merging and splitting, following, mentions, notifications.

-- Where a conversation lies that nobody works on: 'trash' or 'spam', since when, put there by which agent (none: Sonnim).
ALTER TABLE conversation ADD COLUMN shelf TEXT;
ALTER TABLE conversation ADD COLUMN shelf_at BIGINT;
ALTER TABLE conversation ADD COLUMN shelf_by BIGINT;
-- Conversations that were taken in by another: purged with it.
CREATE INDEX conversation_merged ON conversation (workspace_id, merged_into) WHERE merged_into IS NOT NULL;

-- Addresses whose mail goes to spam at once.
CREATE TABLE blocked_sender (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  address TEXT NOT NULL,
  address_folded TEXT NOT NULL,
  blocked_by BIGINT,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, address_folded)
) {clustered};

-- Who names a blob, to know when nobody does any more; and which mails became a conversation.
CREATE INDEX attachment_blob ON attachment (workspace_id, sha256);
CREATE INDEX inbound_mail_blob ON inbound_mail (workspace_id, sha256);
CREATE INDEX inbound_mail_conversation ON inbound_mail (workspace_id, conversation_id) WHERE conversation_id IS NOT NULL;

-- One conversation took in another. `kept` is all that undoing needs, as JSON.
CREATE TABLE conversation_merge (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  target_id BIGINT NOT NULL,
  merged_by BIGINT,
  at BIGINT NOT NULL,
  undone_at BIGINT,
  kept TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, source_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, target_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX conversation_merge_source ON conversation_merge (workspace_id, source_id, id);
CREATE INDEX conversation_merge_target ON conversation_merge (workspace_id, target_id);

-- Agents who want to hear of a conversation.
CREATE TABLE follower (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id, agent_id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX follower_agent ON follower (workspace_id, agent_id, conversation_id);

-- Agents who are named in a note, by themselves or by their team.
CREATE TABLE mention (
  workspace_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, agent_id, message_id),
  FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX mention_message ON mention (workspace_id, message_id);

-- What an agent is told. `mail_state`: none when no mail is wanted, 'due' until it went into one, then 'done'.
CREATE TABLE notification (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  conversation_id BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  message_id BIGINT,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT,
  at BIGINT NOT NULL,
  shown BOOLEAN NOT NULL,
  read_at BIGINT,
  mail_state TEXT,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, agent_id, event_id, kind),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX notification_agent ON notification (workspace_id, agent_id, id);
CREATE INDEX notification_unread ON notification (workspace_id, agent_id, id) WHERE read_at IS NULL;
CREATE INDEX notification_conversation ON notification (workspace_id, conversation_id);
CREATE INDEX notification_mail ON notification (workspace_id, agent_id) WHERE mail_state = 'due';

-- What each agent wants to be told of, and how, as JSON; the default without a row.
CREATE TABLE notification_settings (
  workspace_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  settings TEXT NOT NULL,
  PRIMARY KEY (workspace_id, agent_id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};

-- Who reads the log for something that must happen once, and how far they are.
CREATE TABLE listener (
  name TEXT PRIMARY KEY,
  txid BIGINT NOT NULL,
  seq BIGINT NOT NULL
);
