-- One edition of the derived store: events (ODS), what they add up to (DWD), and their sums over time, by part (DWS). No words, no personal data.
-- An edition is filled from the start of the journal and never changes its form: what changes here is another edition.

-- How far the journal was read, of which history, under which definitions; changed in the transaction of the output.
CREATE TABLE reducer (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  generation UUID NOT NULL,
  rules TEXT NOT NULL,
  xid BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  batches BIGINT NOT NULL
);

-- ODS: every event that matters to the numbers, as it was read from the journal.
CREATE TABLE ods_event (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  episode BIGINT NOT NULL,
  kind TEXT NOT NULL,
  happened_at BIGINT NOT NULL,
  day_key TEXT,
  customer TEXT,
  agent TEXT,
  group_id TEXT,
  department TEXT,
  queue TEXT,
  site TEXT,
  channel TEXT,
  lang TEXT,
  goods TEXT,
  category TEXT,
  topic TEXT,
  ref_seq BIGINT,
  outcome TEXT,
  how TEXT,
  flag BIGINT,
  ms BIGINT,
  score BIGINT,
  entry TEXT,
  confidence BIGINT,
  since BIGINT,
  contacts BIGINT,
  slots BIGINT,
  PRIMARY KEY (tenant_id, conversation_id, seq)
);

-- What happened on a company's day.
CREATE INDEX ods_event_happened ON ods_event (tenant_id, happened_at);

-- DWD: one row per episode, with its timestamps.
CREATE TABLE dwd_session (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  episode BIGINT NOT NULL,
  began_with TEXT,
  created_at BIGINT,
  day_key TEXT,
  customer TEXT,
  queue TEXT,
  agent TEXT,
  group_id TEXT,
  department TEXT,
  channel TEXT,
  site TEXT,
  lang TEXT,
  goods TEXT,
  category TEXT,
  topic TEXT,
  entry TEXT,
  band TEXT,
  turns BIGINT NOT NULL,
  missed BIGINT NOT NULL,
  requests BIGINT NOT NULL,
  first_turn_at BIGINT,
  first_answer_at BIGINT,
  first_answer_ms BIGINT,
  first_request_at BIGINT,
  wait_ended_at BIGINT,
  wait_end TEXT,
  wait_ms BIGINT,
  first_reply_at BIGINT,
  first_reply_ms BIGINT,
  ended_at BIGINT,
  outcome TEXT,
  first_rated_at BIGINT,
  score BIGINT,
  served_by TEXT,
  came_back TEXT,
  PRIMARY KEY (tenant_id, conversation_id, episode)
);
CREATE INDEX dwd_session_created ON dwd_session (tenant_id, created_at) WHERE created_at IS NOT NULL;
CREATE INDEX dwd_session_used ON dwd_session (tenant_id, first_turn_at) WHERE first_turn_at IS NOT NULL;
CREATE INDEX dwd_session_answered ON dwd_session (tenant_id, first_answer_at) WHERE first_answer_at IS NOT NULL;
CREATE INDEX dwd_session_requested ON dwd_session (tenant_id, first_request_at) WHERE first_request_at IS NOT NULL;
CREATE INDEX dwd_session_waited ON dwd_session (tenant_id, wait_ended_at) WHERE wait_ended_at IS NOT NULL;
CREATE INDEX dwd_session_replied ON dwd_session (tenant_id, first_reply_at) WHERE first_reply_at IS NOT NULL;
CREATE INDEX dwd_session_ended ON dwd_session (tenant_id, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX dwd_session_rated ON dwd_session (tenant_id, first_rated_at) WHERE first_rated_at IS NOT NULL;

-- DWD: one row per turn of a customer with the bot, and one per request for a person. `command`: words that were a request for a person, no turn.
CREATE TABLE dwd_dialogue (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  episode BIGINT NOT NULL,
  kind TEXT NOT NULL,
  happened_at BIGINT NOT NULL,
  day_key TEXT,
  queue TEXT,
  agent TEXT,
  group_id TEXT,
  department TEXT,
  channel TEXT,
  site TEXT,
  lang TEXT,
  goods TEXT,
  category TEXT,
  topic TEXT,
  entry TEXT,
  band TEXT,
  outcome TEXT,
  answer_ms BIGINT,
  bot_result TEXT,
  confidence BIGINT,
  poor TEXT,
  verdict TEXT,
  asked_via TEXT,
  reason TEXT,
  helped TEXT,
  PRIMARY KEY (tenant_id, conversation_id, seq)
);
CREATE INDEX dwd_dialogue_happened ON dwd_dialogue (tenant_id, happened_at);

-- DWD: one row per round of a customer and an agent.
CREATE TABLE dwd_reply (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  episode BIGINT NOT NULL,
  replied_at BIGINT NOT NULL,
  day_key TEXT,
  queue TEXT,
  agent TEXT,
  group_id TEXT,
  department TEXT,
  channel TEXT,
  site TEXT,
  lang TEXT,
  goods TEXT,
  category TEXT,
  topic TEXT,
  entry TEXT,
  band TEXT,
  reply_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, seq)
);
CREATE INDEX dwd_reply_replied ON dwd_reply (tenant_id, replied_at);

-- DWD: one row for each time that an agent had a conversation.
CREATE TABLE dwd_service (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  episode BIGINT NOT NULL,
  began_at BIGINT NOT NULL,
  day_key TEXT,
  queue TEXT,
  agent TEXT,
  group_id TEXT,
  department TEXT,
  channel TEXT,
  site TEXT,
  lang TEXT,
  goods TEXT,
  category TEXT,
  topic TEXT,
  entry TEXT,
  band TEXT,
  how TEXT,
  ended_at BIGINT,
  service_end TEXT,
  handle_ms BIGINT,
  talk_ms BIGINT,
  replies BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, seq)
);
CREATE INDEX dwd_service_ended ON dwd_service (tenant_id, ended_at) WHERE ended_at IS NOT NULL;

-- DWD: the work of agents: a time in one state with one number of conversations, cut at quarters of an hour.
CREATE TABLE dwd_work (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  piece BIGINT NOT NULL,
  episode BIGINT NOT NULL,
  began_at BIGINT NOT NULL,
  day_key TEXT,
  queue TEXT,
  agent TEXT,
  group_id TEXT,
  department TEXT,
  channel TEXT,
  site TEXT,
  lang TEXT,
  goods TEXT,
  category TEXT,
  topic TEXT,
  entry TEXT,
  band TEXT,
  agent_state TEXT,
  contacts BIGINT NOT NULL,
  work_ms BIGINT NOT NULL,
  contact_ms BIGINT NOT NULL,
  slot_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, piece)
);
CREATE INDEX dwd_work_began ON dwd_work (tenant_id, began_at);

-- DWS: the amounts of all cells in a piece of time, packed as `warehouse/src/tally.rs` says: the empty dimension is the whole.
-- By minute, as wholes.
CREATE TABLE dws_minute (
  tenant_id UUID NOT NULL,
  dimension TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  part TEXT NOT NULL,
  amounts BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, dimension, starts_at, part)
);

-- By quarter of an hour, as wholes.
CREATE TABLE dws_quarter (
  tenant_id UUID NOT NULL,
  dimension TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  part TEXT NOT NULL,
  amounts BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, dimension, starts_at, part)
);

-- By day of the company, as wholes and by the parts of each dimension.
CREATE TABLE dws_day (
  tenant_id UUID NOT NULL,
  dimension TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  part TEXT NOT NULL,
  amounts BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, dimension, starts_at, part)
);

-- Days that are over by the parts of each dimension, instead of in `dws_day`: one row per day and dimension, with all its parts, as `warehouse/src/sums/packed.rs` says.
CREATE TABLE dws_day_packed (
  tenant_id UUID NOT NULL,
  dimension TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  parts BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, dimension, starts_at)
);

-- By the days of which zone the days of a company are summed; while they are being summed again, the next step and where it goes on; and before which time its days
-- are packed.
CREATE TABLE dws_day_zone (
  tenant_id UUID PRIMARY KEY,
  zone TEXT NOT NULL,
  step BIGINT,
  next_at BIGINT,
  packed_to BIGINT NOT NULL
);
CREATE INDEX dws_day_zone_unsummed ON dws_day_zone (tenant_id) WHERE step IS NOT NULL;
CREATE INDEX dws_day_zone_unpacked ON dws_day_zone (packed_to) WHERE step IS NULL;

-- Facts that the feed did not count, or that it wondered at: how many, by the reason and the kind of the entry.
CREATE TABLE refused_fact (
  tenant_id UUID NOT NULL,
  reason TEXT NOT NULL,
  kind TEXT NOT NULL,
  count BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, reason, kind)
);
