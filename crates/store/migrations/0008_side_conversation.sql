-- Side conversations, notes that were mended, and messages that words were taken out of.

-- The conversation that it stands beside; it says in which bucket a side conversation counts. The link of kind 'side' tells
-- the same to both ends.
ALTER TABLE conversation ADD COLUMN beside BIGINT;
CREATE INDEX conversation_beside ON conversation (workspace_id, beside) WHERE beside IS NOT NULL;

-- Notes as they read before their author mended them, until `replaced_at`.
CREATE TABLE message_version (
  workspace_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  html TEXT,
  text TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  replaced_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, message_id, id),
  FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
) {clustered};

-- Messages that words or files were taken out of for good. What they were is kept nowhere.
CREATE TABLE message_redaction (
  workspace_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_id BIGINT,
  PRIMARY KEY (workspace_id, message_id),
  FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
) {clustered};
