-- The journal: every fact, numbered without gaps within its stream. Words (body) can be taken back; numbers and facts cannot.
CREATE TABLE installation (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  generation BLOB NOT NULL,
  seal_key BLOB NOT NULL
) STRICT;

CREATE TABLE journal_heads (
  tenant_id BLOB NOT NULL,
  stream_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  seq INTEGER NOT NULL,
  pseq INTEGER NOT NULL,
  version INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  from_customer INTEGER NOT NULL,
  from_staff INTEGER NOT NULL,
  waiting_since INTEGER,
  PRIMARY KEY (tenant_id, stream_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal_entries (
  pos INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id BLOB NOT NULL,
  stream_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  pseq INTEGER,
  kind TEXT NOT NULL,
  v INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('customer', 'bot', 'agent', 'system')),
  actor_id BLOB,
  actor_name TEXT,
  client_id BLOB,
  send_hash INTEGER NOT NULL,
  ord INTEGER,
  body_state TEXT NOT NULL CHECK (body_state IN ('plain', 'sealed', 'gone')),
  body TEXT,
  body_key BLOB,
  staff TEXT,
  facts TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX journal_entries_seq ON journal_entries (tenant_id, stream_id, seq);
CREATE UNIQUE INDEX journal_entries_pseq ON journal_entries (tenant_id, stream_id, pseq) WHERE pseq IS NOT NULL;
CREATE UNIQUE INDEX journal_entries_client ON journal_entries (tenant_id, stream_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE journal_marks (
  tenant_id BLOB NOT NULL,
  stream_id BLOB NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('customer', 'staff')),
  member_id BLOB NOT NULL,
  received INTEGER NOT NULL,
  read INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, stream_id, side, member_id)
) STRICT, WITHOUT ROWID;
