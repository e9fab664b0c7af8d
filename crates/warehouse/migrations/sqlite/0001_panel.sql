-- All of this is derived from the journal and can be deleted and rebuilt. No words, no personal data.
-- How far the journal was read, of which history, under which definitions; changed in the transaction of the output.
CREATE TABLE reducer (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  generation BLOB NOT NULL,
  rules TEXT NOT NULL,
  xid INTEGER NOT NULL,
  pos INTEGER NOT NULL,
  batches INTEGER NOT NULL
) STRICT;

-- One row per turn of a customer with the bot, with the bot's outcome, and one per request for a person.
-- `command`: words that were a request for a person, no turn. `unseen`: the answer came before the turn.
CREATE TABLE dwd_dialogue (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('turn', 'request', 'command', 'unseen')),
  at INTEGER,
  day_key TEXT,
  lang TEXT,
  goods TEXT,
  answer_seq INTEGER,
  outcome TEXT,
  intent TEXT,
  PRIMARY KEY (tenant_id, conversation_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX dwd_dialogue_at ON dwd_dialogue (tenant_id, at, kind) WHERE at IS NOT NULL;

-- One row per episode, with its stamps.
CREATE TABLE dwd_session (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  episode INTEGER NOT NULL,
  began_with TEXT CHECK (began_with IN ('bot', 'queue', 'agent', 'nobody')),
  created_at INTEGER,
  day_key TEXT,
  lang TEXT,
  channel TEXT,
  goods TEXT,
  first_turn_at INTEGER,
  first_request_at INTEGER,
  first_rated_at INTEGER,
  rated_seq INTEGER,
  score INTEGER,
  PRIMARY KEY (tenant_id, conversation_id, episode)
) STRICT, WITHOUT ROWID;
CREATE INDEX dwd_session_created ON dwd_session (tenant_id, created_at) WHERE created_at IS NOT NULL;
CREATE INDEX dwd_session_used ON dwd_session (tenant_id, first_turn_at) WHERE first_turn_at IS NOT NULL;
CREATE INDEX dwd_session_requested ON dwd_session (tenant_id, first_request_at) WHERE first_request_at IS NOT NULL;
CREATE INDEX dwd_session_rated ON dwd_session (tenant_id, first_rated_at) WHERE first_rated_at IS NOT NULL;

-- The indicators by minute; every window is a sum of minutes.
CREATE TABLE dws_minute (
  tenant_id BLOB NOT NULL,
  indicator TEXT NOT NULL,
  minute INTEGER NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, indicator, minute)
) STRICT, WITHOUT ROWID;
