-- Statuses of a workspace's own, due dates, reminders.

-- Each stands inside a category: 'open', 'pending', 'on_hold' or 'resolved'. Archived and never deleted: conversations and the
-- log name them.
CREATE TABLE custom_status (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  category TEXT NOT NULL,
  color TEXT NOT NULL,
  position BIGINT NOT NULL,
  is_default BOOLEAN NOT NULL,
  archived_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, name_folded)
) {clustered};

ALTER TABLE conversation ADD COLUMN custom_status_id BIGINT;
CREATE INDEX conversation_custom_status ON conversation (workspace_id, custom_status_id) WHERE custom_status_id IS NOT NULL;

-- Until when it is to be done.
ALTER TABLE conversation ADD COLUMN due_at BIGINT;
CREATE INDEX conversation_due ON conversation (workspace_id, bucket, due_at, id) WHERE due_at IS NOT NULL;

-- What agents asked to be reminded of. `done_at`: it came, or was found to be no longer needed.
CREATE TABLE reminder (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  words TEXT NOT NULL,
  unless_answered BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  done_at BIGINT,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX reminder_conversation ON reminder (workspace_id, conversation_id, agent_id);
CREATE INDEX reminder_done ON reminder (done_at) WHERE done_at IS NOT NULL;

-- The words of a reminder, as they were when it came.
ALTER TABLE notification ADD COLUMN words TEXT;
