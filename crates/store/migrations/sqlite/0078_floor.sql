-- What supervisors did in conversations of their agents: the last time of each mode, by supervisor. One who has joined speaks in that episode until it ends or
-- the supervisor leaves.
CREATE TABLE interventions (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  agent_id BLOB NOT NULL,
  mode TEXT NOT NULL,
  episode INTEGER NOT NULL,
  -- Who had the conversation, and why it was taken over, in the supervisor's words.
  from_id BLOB,
  reason TEXT,
  began_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (tenant_id, conversation_id, agent_id, mode)
) STRICT, WITHOUT ROWID;
-- What a company decided for its floor; without a row, the defaults of the program count.
CREATE TABLE floor_settings (
  tenant_id BLOB NOT NULL PRIMARY KEY,
  tells_of_listening INTEGER NOT NULL CHECK (tells_of_listening IN (0, 1)),
  -- After so many seconds an alert is raised; never, without a number.
  slow_reply_s INTEGER,
  slow_reply_level TEXT NOT NULL,
  long_wait_s INTEGER,
  long_wait_level TEXT NOT NULL,
  -- Minutes of the day, by the company's clock, between which none is raised.
  quiet_from INTEGER,
  quiet_until INTEGER,
  -- The names of the reasons for a break, as JSON.
  break_reasons TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
