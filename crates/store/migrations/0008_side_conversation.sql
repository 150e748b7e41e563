-- Side conversations: begun beside another one, with somebody else.

-- The conversation that it stands beside; it says in which bucket a side conversation counts. The link of kind 'side' tells
-- the same to both ends.
ALTER TABLE conversation ADD COLUMN beside BIGINT;
CREATE INDEX conversation_beside ON conversation (workspace_id, beside) WHERE beside IS NOT NULL;
