-- Where a visitor is on the site and what the site said of it, where the inbox wants to know and the visitor agreed. The page itself
-- stands with the visitor. One row for each.
CREATE TABLE stay (
  workspace_id BIGINT NOT NULL,
  visitor_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  began_at BIGINT NOT NULL,
  page_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  pages BIGINT NOT NULL,
  trail TEXT NOT NULL,
  attributes TEXT NOT NULL,
  events TEXT NOT NULL,
  invitation TEXT,
  PRIMARY KEY (workspace_id, visitor_id),
  FOREIGN KEY (workspace_id, visitor_id) REFERENCES visitor (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX stay_idle ON stay (seen_at);

-- What a signed identity said of its person.
ALTER TABLE visitor ADD COLUMN proven TEXT;
-- Who is there now, of each inbox.
CREATE INDEX visitor_there ON visitor (workspace_id, inbox_id, id) WHERE connected_until IS NOT NULL;

-- The words that a chat answers.
ALTER TABLE chat ADD COLUMN invitation TEXT;

-- How often the invitations of a widget were shown and answered.
CREATE TABLE invitation_count (
  workspace_id BIGINT NOT NULL,
  inbox_id BIGINT NOT NULL,
  rule TEXT NOT NULL,
  shown BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id, rule),
  FOREIGN KEY (workspace_id, inbox_id) REFERENCES widget (workspace_id, inbox_id) ON DELETE CASCADE
) {clustered};
