-- The journal: every fact, numbered without gaps within its stream. Words (body) can be taken back; numbers and facts cannot.
CREATE TABLE installation (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  generation UUID NOT NULL,
  seal_key BYTEA NOT NULL
);

CREATE TABLE journal_heads (
  tenant_id UUID NOT NULL,
  stream_id UUID NOT NULL,
  kind TEXT NOT NULL,
  seq BIGINT NOT NULL,
  pseq BIGINT NOT NULL,
  version BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  from_customer BIGINT NOT NULL,
  from_staff BIGINT NOT NULL,
  waiting_since BIGINT,
  PRIMARY KEY (tenant_id, stream_id)
);

CREATE TABLE journal_entries (
  pos BIGSERIAL PRIMARY KEY,
  tenant_id UUID NOT NULL,
  stream_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  pseq BIGINT,
  kind TEXT NOT NULL,
  v BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('customer', 'bot', 'agent', 'system')),
  actor_id UUID,
  actor_name TEXT,
  client_id UUID,
  send_hash BIGINT NOT NULL,
  ord BIGINT,
  body_state TEXT NOT NULL CHECK (body_state IN ('plain', 'sealed', 'gone')),
  body TEXT,
  body_key UUID,
  staff TEXT,
  facts TEXT NOT NULL,
  xid XID8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE UNIQUE INDEX journal_entries_seq ON journal_entries (tenant_id, stream_id, seq);
CREATE UNIQUE INDEX journal_entries_pseq ON journal_entries (tenant_id, stream_id, pseq) WHERE pseq IS NOT NULL;
CREATE UNIQUE INDEX journal_entries_client ON journal_entries (tenant_id, stream_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE journal_marks (
  tenant_id UUID NOT NULL,
  stream_id UUID NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('customer', 'staff')),
  member_id UUID NOT NULL,
  received BIGINT NOT NULL,
  read BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, stream_id, side, member_id)
);
CREATE INDEX journal_entries_feed ON journal_entries (xid, pos);
