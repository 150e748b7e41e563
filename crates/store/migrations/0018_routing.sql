-- Who is there for new work, queues and skills, and the way of each conversation through a queue.

-- One row for each workspace that has had a queue. Whoever decides who gets what holds it locked.
CREATE TABLE routing_desk (
  workspace_id BIGINT NOT NULL PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
  settings TEXT NOT NULL,
  wake_at BIGINT
);

-- `told`: how it really was when it was last looked at.
CREATE TABLE availability (
  workspace_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  since BIGINT NOT NULL,
  chat_on BOOLEAN NOT NULL,
  mail_on BOOLEAN NOT NULL,
  most_total BIGINT NOT NULL,
  most_chat BIGINT NOT NULL,
  most_mail BIGINT NOT NULL,
  signs_at BIGINT,
  active_at BIGINT,
  idle_since BIGINT NOT NULL,
  routed_at BIGINT,
  newcomer_at BIGINT,
  shift_ends_at BIGINT,
  told TEXT NOT NULL,
  PRIMARY KEY (workspace_id, agent_id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};

-- Each change of how it really was: `because` says why when nobody chose it.
CREATE TABLE availability_history (
  workspace_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  because TEXT,
  by_agent_id BIGINT,
  PRIMARY KEY (workspace_id, agent_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};

CREATE TABLE skill (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  language TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, name_folded)
) {clustered};

CREATE TABLE agent_skill (
  workspace_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  skill_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, agent_id, skill_id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, skill_id) REFERENCES skill (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX agent_skill_skill ON agent_skill (workspace_id, skill_id);

CREATE TABLE queue (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  position BIGINT NOT NULL,
  filter TEXT NOT NULL,
  rule TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, name_folded)
) {clustered};

CREATE TABLE queue_team (
  workspace_id BIGINT NOT NULL,
  queue_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, queue_id, team_id),
  FOREIGN KEY (workspace_id, queue_id) REFERENCES queue (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, team_id) REFERENCES team (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX queue_team_team ON queue_team (workspace_id, team_id);

CREATE TABLE queue_agent (
  workspace_id BIGINT NOT NULL,
  queue_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, queue_id, agent_id),
  FOREIGN KEY (workspace_id, queue_id) REFERENCES queue (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX queue_agent_agent ON queue_agent (workspace_id, agent_id);

-- Who answers a company first.
CREATE TABLE representative (
  workspace_id BIGINT NOT NULL,
  company_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, company_id),
  FOREIGN KEY (workspace_id, company_id) REFERENCES company (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE INDEX representative_agent ON representative (workspace_id, agent_id);

-- A row for each way through a queue. What has ended is kept for the measures.
CREATE TABLE routing (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  queue_id BIGINT NOT NULL,
  channel TEXT NOT NULL,
  stage TEXT NOT NULL,
  since BIGINT NOT NULL,
  entered_at BIGINT NOT NULL,
  queued_at BIGINT NOT NULL,
  agent_id BIGINT,
  until_at BIGINT,
  declined TEXT NOT NULL,
  held TEXT,
  told TEXT,
  newcomer BOOLEAN NOT NULL,
  last_agent_id BIGINT,
  assigned_at BIGINT,
  answered_at BIGINT,
  ended_at BIGINT,
  outcome TEXT,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE UNIQUE INDEX routing_open ON routing (workspace_id, conversation_id) WHERE stage <> 'ended';
CREATE INDEX routing_conversation ON routing (workspace_id, conversation_id, id);
CREATE INDEX routing_line ON routing (workspace_id, stage, since) WHERE stage <> 'ended';
CREATE INDEX routing_handled ON routing (workspace_id, queue_id, ended_at) WHERE outcome = 'answered';
CREATE INDEX routing_entered ON routing (workspace_id, entered_at);
