-- Devices that notifications are pushed to. Where that is, and the keys to write to it, are sealed; a device is a session's
-- and is not written to without it.
CREATE TABLE push_device (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  session_id BIGINT NOT NULL,
  endpoint_hash TEXT NOT NULL,
  sealed TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  pushed_at BIGINT,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, endpoint_hash),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX push_device_agent ON push_device (workspace_id, agent_id);
