-- Conversations that belong together. Kept once, by the one that came later (`conversation_id`), and read from both ends.
CREATE TABLE conversation_link (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  other_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  PRIMARY KEY (workspace_id, conversation_id, other_id, kind),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, other_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX conversation_link_other ON conversation_link (workspace_id, other_id);
