-- Visitors and their conversations. Numbers of a conversation's stream stand in journal_heads.
CREATE TABLE visitors (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  site_id BLOB NOT NULL,
  lang TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE visitor_devices (
  secret_hash BLOB PRIMARY KEY,
  tenant_id BLOB NOT NULL,
  visitor_id BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  replaced_at INTEGER
) STRICT;
CREATE INDEX visitor_devices_visitor ON visitor_devices (tenant_id, visitor_id);

CREATE TABLE visitor_tokens (
  token_hash BLOB PRIMARY KEY,
  tenant_id BLOB NOT NULL,
  visitor_id BLOB NOT NULL,
  site_id BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX visitor_tokens_visitor ON visitor_tokens (tenant_id, visitor_id);
CREATE INDEX visitor_tokens_expiry ON visitor_tokens (expires_at);

CREATE TABLE queues (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE conversations (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  site_id BLOB NOT NULL,
  visitor_id BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('bot', 'queued', 'offered', 'active', 'on_hold', 'snoozed', 'resolved', 'closed')),
  epoch INTEGER NOT NULL,
  version INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  queue_id BLOB,
  agent_id BLOB,
  lang TEXT NOT NULL,
  product TEXT,
  page TEXT,
  created_at INTEGER NOT NULL,
  queued_at INTEGER,
  assigned_at INTEGER,
  resolved_at INTEGER,
  due_at INTEGER,
  PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX conversations_visitor ON conversations (tenant_id, visitor_id, created_at);
CREATE INDEX conversations_agent ON conversations (tenant_id, agent_id, state);
CREATE INDEX conversations_waiting ON conversations (tenant_id, queue_id, queued_at) WHERE state = 'queued';
CREATE INDEX conversations_due ON conversations (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX conversations_state ON conversations (tenant_id, state);

CREATE TABLE episodes (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  number INTEGER NOT NULL,
  began_with TEXT NOT NULL CHECK (began_with IN ('bot', 'queue', 'agent', 'nobody')),
  created_at INTEGER NOT NULL,
  human_requested_at INTEGER,
  accepted_at INTEGER,
  first_human_reply_at INTEGER,
  ended_at INTEGER,
  outcome TEXT,
  score INTEGER CHECK (score BETWEEN 1 AND 5),
  comment TEXT,
  solved INTEGER CHECK (solved IN (0, 1)),
  agent_id BLOB,
  PRIMARY KEY (tenant_id, conversation_id, number)
) STRICT;
CREATE INDEX episodes_agent ON episodes (tenant_id, agent_id, ended_at);
