-- Work on many conversations at once.

CREATE TABLE bulk (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  filter TEXT,
  chosen TEXT,
  actions TEXT NOT NULL,
  state TEXT NOT NULL,
  total BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  cursor BIGINT,
  created_at BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX bulk_agent ON bulk (workspace_id, agent_id, id);

-- What became of each conversation: how to take it back, or why it was not done.
CREATE TABLE bulk_result (
  workspace_id BIGINT NOT NULL,
  bulk_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  undo TEXT,
  fault TEXT,
  PRIMARY KEY (workspace_id, bulk_id, conversation_id),
  FOREIGN KEY (workspace_id, bulk_id) REFERENCES bulk (workspace_id, id) ON DELETE CASCADE
) {clustered};
