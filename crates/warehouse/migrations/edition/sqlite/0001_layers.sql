-- One edition of the derived store: events (ODS), what they add up to (DWD), and their sums over time, by part (DWS). No words, no personal data.
-- An edition is filled from the start of the journal and never changes its form: what changes here is another edition.

-- How far the journal was read, of which history, under which definitions; changed in the transaction of the output.
CREATE TABLE reducer (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  generation BLOB NOT NULL,
  rules TEXT NOT NULL,
  xid INTEGER NOT NULL,
  pos INTEGER NOT NULL,
  batches INTEGER NOT NULL
) STRICT;

-- ODS: every event that matters to the numbers, as it was read from the journal.
CREATE TABLE ods_event (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  kind TEXT NOT NULL,
  happened_at INTEGER NOT NULL,
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
  ref_seq INTEGER,
  outcome TEXT,
  how TEXT,
  flag INTEGER,
  ms INTEGER,
  score INTEGER,
  entry TEXT,
  confidence INTEGER,
  since INTEGER,
  contacts INTEGER,
  slots INTEGER,
  PRIMARY KEY (tenant_id, conversation_id, seq)
) STRICT, WITHOUT ROWID;

-- What happened on a company's day.
CREATE INDEX ods_event_happened ON ods_event (tenant_id, happened_at);

-- DWD: one row per episode, with its timestamps.
CREATE TABLE dwd_session (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  episode INTEGER NOT NULL,
  began_with TEXT,
  created_at INTEGER,
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
  turns INTEGER NOT NULL,
  missed INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  first_turn_at INTEGER,
  first_answer_at INTEGER,
  first_answer_ms INTEGER,
  first_request_at INTEGER,
  wait_ended_at INTEGER,
  wait_end TEXT,
  wait_ms INTEGER,
  first_reply_at INTEGER,
  first_reply_ms INTEGER,
  ended_at INTEGER,
  outcome TEXT,
  first_rated_at INTEGER,
  score INTEGER,
  served_by TEXT,
  came_back TEXT,
  PRIMARY KEY (tenant_id, conversation_id, episode)
) STRICT, WITHOUT ROWID;
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
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  kind TEXT NOT NULL,
  happened_at INTEGER NOT NULL,
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
  answer_ms INTEGER,
  bot_result TEXT,
  confidence INTEGER,
  poor TEXT,
  verdict TEXT,
  asked_via TEXT,
  reason TEXT,
  helped TEXT,
  PRIMARY KEY (tenant_id, conversation_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX dwd_dialogue_happened ON dwd_dialogue (tenant_id, happened_at);

-- DWD: one row per round of a customer and an agent.
CREATE TABLE dwd_reply (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  replied_at INTEGER NOT NULL,
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
  reply_ms INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX dwd_reply_replied ON dwd_reply (tenant_id, replied_at);

-- DWD: one row for each time that an agent had a conversation.
CREATE TABLE dwd_service (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  began_at INTEGER NOT NULL,
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
  ended_at INTEGER,
  service_end TEXT,
  handle_ms INTEGER,
  talk_ms INTEGER,
  replies INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX dwd_service_ended ON dwd_service (tenant_id, ended_at) WHERE ended_at IS NOT NULL;

-- DWD: the work of agents: a time in one state with one number of conversations, cut at quarters of an hour.
CREATE TABLE dwd_work (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  piece INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  began_at INTEGER NOT NULL,
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
  contacts INTEGER NOT NULL,
  work_ms INTEGER NOT NULL,
  contact_ms INTEGER NOT NULL,
  slot_ms INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, piece)
) STRICT, WITHOUT ROWID;
CREATE INDEX dwd_work_began ON dwd_work (tenant_id, began_at);

-- DWS: the amounts of all cells in a piece of time, packed as `warehouse/src/tally.rs` says: the empty dimension is the whole.
-- By minute, as wholes.
CREATE TABLE dws_minute (
  tenant_id BLOB NOT NULL,
  dimension TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  part TEXT NOT NULL,
  amounts BLOB NOT NULL,
  PRIMARY KEY (tenant_id, dimension, starts_at, part)
) STRICT, WITHOUT ROWID;

-- By quarter of an hour, as wholes.
CREATE TABLE dws_quarter (
  tenant_id BLOB NOT NULL,
  dimension TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  part TEXT NOT NULL,
  amounts BLOB NOT NULL,
  PRIMARY KEY (tenant_id, dimension, starts_at, part)
) STRICT, WITHOUT ROWID;

-- By day of the company, as wholes and by the parts of each dimension.
CREATE TABLE dws_day (
  tenant_id BLOB NOT NULL,
  dimension TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  part TEXT NOT NULL,
  amounts BLOB NOT NULL,
  PRIMARY KEY (tenant_id, dimension, starts_at, part)
) STRICT, WITHOUT ROWID;

-- Days that are over by the parts of each dimension, instead of in `dws_day`: one row per day and dimension, with all its parts, as `warehouse/src/sums/packed.rs` says.
CREATE TABLE dws_day_packed (
  tenant_id BLOB NOT NULL,
  dimension TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  parts BLOB NOT NULL,
  PRIMARY KEY (tenant_id, dimension, starts_at)
) STRICT;

-- By the days of which zone the days of a company are summed; while they are being summed again, the next step and where it goes on; and before which time its days
-- are packed.
CREATE TABLE dws_day_zone (
  tenant_id BLOB NOT NULL PRIMARY KEY,
  zone TEXT NOT NULL,
  step INTEGER,
  next_at INTEGER,
  packed_to INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dws_day_zone_unsummed ON dws_day_zone (tenant_id) WHERE step IS NOT NULL;
CREATE INDEX dws_day_zone_unpacked ON dws_day_zone (packed_to) WHERE step IS NULL;

-- Facts that the feed did not count, or that it wondered at: how many, by the reason and the kind of the entry.
CREATE TABLE refused_fact (
  tenant_id BLOB NOT NULL,
  reason TEXT NOT NULL,
  kind TEXT NOT NULL,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, reason, kind)
) STRICT, WITHOUT ROWID;
