-- Saved replies and macros, in folders, for oneself, a team or everyone.

CREATE TABLE library_folder (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, name_folded)
) {clustered};

-- A team that is gone leaves its replies to their owners and the admins, so team_id is no foreign key.
CREATE TABLE saved_reply (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  folder_id BIGINT,
  visibility TEXT NOT NULL,
  team_id BIGINT,
  owner_id BIGINT NOT NULL,
  used BIGINT NOT NULL,
  last_used_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  archived_at BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, folder_id) REFERENCES library_folder (workspace_id, id),
  FOREIGN KEY (workspace_id, owner_id) REFERENCES agent (workspace_id, id)
) {clustered};
CREATE INDEX saved_reply_folder ON saved_reply (workspace_id, folder_id);

CREATE TABLE saved_reply_text (
  workspace_id BIGINT NOT NULL,
  saved_reply_id BIGINT NOT NULL,
  language TEXT NOT NULL,
  html TEXT NOT NULL,
  preview TEXT NOT NULL,
  PRIMARY KEY (workspace_id, saved_reply_id, language),
  FOREIGN KEY (workspace_id, saved_reply_id) REFERENCES saved_reply (workspace_id, id) ON DELETE CASCADE
) {clustered};

CREATE TABLE saved_reply_file (
  workspace_id BIGINT NOT NULL,
  attachment_id BIGINT NOT NULL,
  saved_reply_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, attachment_id),
  FOREIGN KEY (workspace_id, saved_reply_id) REFERENCES saved_reply (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, attachment_id) REFERENCES attachment (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX saved_reply_file_reply ON saved_reply_file (workspace_id, saved_reply_id);

CREATE TABLE macro (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  folder_id BIGINT,
  visibility TEXT NOT NULL,
  team_id BIGINT,
  owner_id BIGINT NOT NULL,
  actions TEXT NOT NULL,
  used BIGINT NOT NULL,
  last_used_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  archived_at BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, folder_id) REFERENCES library_folder (workspace_id, id),
  FOREIGN KEY (workspace_id, owner_id) REFERENCES agent (workspace_id, id)
) {clustered};
CREATE INDEX macro_folder ON macro (workspace_id, folder_id);

-- One use of a macro, kept for a day so that it can be taken back.
CREATE TABLE macro_run (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  undo TEXT NOT NULL,
  at BIGINT NOT NULL,
  undone_at BIGINT,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX macro_run_at ON macro_run (at);
