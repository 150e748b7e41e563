-- Files that come in pieces. The pieces lie in the object store until the last one is there.
CREATE TABLE resumable (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  filename TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  received BIGINT NOT NULL,
  attachment_id BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX resumable_agent ON resumable (workspace_id, agent_id);

CREATE TABLE resumable_part (
  workspace_id BIGINT NOT NULL,
  upload_id BIGINT NOT NULL,
  begins_at BIGINT NOT NULL,
  place TEXT NOT NULL,
  PRIMARY KEY (workspace_id, upload_id, begins_at),
  FOREIGN KEY (workspace_id, upload_id) REFERENCES resumable (workspace_id, id) ON DELETE CASCADE
) {clustered};
