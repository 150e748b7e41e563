-- Passing on by hand, colleagues in a chat, whispers, and customers who want to be called.

-- Who passed it to this queue by hand: it stays there, and comes back to them only when nobody else can take it.
ALTER TABLE routing ADD COLUMN passed_by BIGINT;

-- When a chat last went back to a queue, or on to another.
ALTER TABLE chat ADD COLUMN passed_at BIGINT;

-- Colleagues who were invited into a chat, and those who came.
CREATE TABLE guest (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  invited_by BIGINT NOT NULL,
  note_id BIGINT,
  at BIGINT NOT NULL,
  joined_at BIGINT,
  PRIMARY KEY (workspace_id, conversation_id, agent_id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX guest_agent ON guest (workspace_id, agent_id);

-- Notes that a supervisor whispered to somebody.
CREATE TABLE whisper (
  workspace_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, message_id),
  FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
) {clustered};

-- A customer in a chat who wants to be called. The number is what they said.
CREATE TABLE callback (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  phone TEXT NOT NULL,
  wanted_at BIGINT,
  at BIGINT NOT NULL,
  called_at BIGINT,
  called_by BIGINT,
  PRIMARY KEY (workspace_id, conversation_id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE
) {clustered};

-- Agents' replies that were only a greeting: whoever was greeted still waits for an answer.
CREATE TABLE greeting (
  workspace_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, message_id),
  FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
) {clustered};
