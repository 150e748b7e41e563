-- Custom fields of conversations, and their values.

-- `kind` names what it holds, `settings` is that with its options, as JSON. Fields are archived and never deleted: filters,
-- macros and the log name them.
CREATE TABLE field (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  key TEXT NOT NULL,
  label TEXT NOT NULL,
  help TEXT NOT NULL,
  kind TEXT NOT NULL,
  settings TEXT NOT NULL,
  inboxes TEXT NOT NULL,
  shown_when TEXT,
  required BOOLEAN NOT NULL,
  position BIGINT NOT NULL,
  archived_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, key)
) {clustered};

-- One row for each value, or for each option of it: what it is compared by (a word without case, or a number), and a text as it
-- was written.
CREATE TABLE field_value (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  field_id BIGINT NOT NULL,
  part BIGINT NOT NULL,
  word TEXT,
  number BIGINT,
  text TEXT,
  PRIMARY KEY (workspace_id, conversation_id, field_id, part),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, field_id) REFERENCES field (workspace_id, id)
) {clustered};
CREATE INDEX field_value_word ON field_value (workspace_id, field_id, word, conversation_id);
CREATE INDEX field_value_number ON field_value (workspace_id, field_id, number, conversation_id);
