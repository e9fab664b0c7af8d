-- All of this is derived from the journal and can be deleted and rebuilt. No words, no personal data.
-- How far the journal was read, of which history, under which definitions; changed in the transaction of the output.
CREATE TABLE reducer (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  generation UUID NOT NULL,
  rules TEXT NOT NULL,
  xid BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  batches BIGINT NOT NULL
);

-- One row per turn of a customer with the bot, with the bot's outcome, and one per request for a person.
-- `command`: words that were a request for a person, no turn. `unseen`: the answer came before the turn.
CREATE TABLE dwd_dialogue (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  episode BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('turn', 'request', 'command', 'unseen')),
  at BIGINT,
  day_key TEXT,
  lang TEXT,
  goods TEXT,
  answer_seq BIGINT,
  outcome TEXT,
  intent TEXT,
  PRIMARY KEY (tenant_id, conversation_id, seq)
);
CREATE INDEX dwd_dialogue_at ON dwd_dialogue (tenant_id, at, kind) WHERE at IS NOT NULL;

-- One row per episode, with its stamps.
CREATE TABLE dwd_session (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  episode BIGINT NOT NULL,
  began_with TEXT CHECK (began_with IN ('bot', 'queue', 'agent', 'nobody')),
  created_at BIGINT,
  day_key TEXT,
  lang TEXT,
  channel TEXT,
  goods TEXT,
  first_turn_at BIGINT,
  first_request_at BIGINT,
  first_rated_at BIGINT,
  rated_seq BIGINT,
  score BIGINT,
  PRIMARY KEY (tenant_id, conversation_id, episode)
);
CREATE INDEX dwd_session_created ON dwd_session (tenant_id, created_at) WHERE created_at IS NOT NULL;
CREATE INDEX dwd_session_used ON dwd_session (tenant_id, first_turn_at) WHERE first_turn_at IS NOT NULL;
CREATE INDEX dwd_session_requested ON dwd_session (tenant_id, first_request_at) WHERE first_request_at IS NOT NULL;
CREATE INDEX dwd_session_rated ON dwd_session (tenant_id, first_rated_at) WHERE first_rated_at IS NOT NULL;

-- The indicators by minute; every window is a sum of minutes.
CREATE TABLE dws_minute (
  tenant_id UUID NOT NULL,
  indicator TEXT NOT NULL,
  minute BIGINT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, indicator, minute)
);
