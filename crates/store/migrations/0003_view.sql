-- Saved views.

CREATE TABLE view (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  folder TEXT,
  audience_kind TEXT NOT NULL,
  audience_id BIGINT,
  filter TEXT NOT NULL,
  sort TEXT NOT NULL,
  position BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) {clustered};
