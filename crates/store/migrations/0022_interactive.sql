-- What a message in a chat offers besides its words, and which offer a customer's message answers: each at most once.
CREATE TABLE message_interactive (
  workspace_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  content TEXT,
  answers BIGINT,
  PRIMARY KEY (workspace_id, message_id),
  FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE UNIQUE INDEX message_interactive_answers ON message_interactive (workspace_id, answers) WHERE answers IS NOT NULL;
