-- Visitors and their conversations. Numbers of a conversation's stream stand in journal_heads.
CREATE TABLE visitors (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  site_id UUID NOT NULL,
  lang TEXT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE visitor_devices (
  secret_hash BYTEA PRIMARY KEY,
  tenant_id UUID NOT NULL,
  visitor_id UUID NOT NULL,
  expires_at BIGINT NOT NULL,
  replaced_at BIGINT
);
CREATE INDEX visitor_devices_visitor ON visitor_devices (tenant_id, visitor_id);

CREATE TABLE visitor_tokens (
  token_hash BYTEA PRIMARY KEY,
  tenant_id UUID NOT NULL,
  visitor_id UUID NOT NULL,
  site_id UUID NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX visitor_tokens_visitor ON visitor_tokens (tenant_id, visitor_id);
CREATE INDEX visitor_tokens_expiry ON visitor_tokens (expires_at);

CREATE TABLE queues (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE conversations (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  site_id UUID NOT NULL,
  visitor_id UUID NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('bot', 'queued', 'offered', 'active', 'on_hold', 'snoozed', 'resolved', 'closed')),
  epoch BIGINT NOT NULL,
  version BIGINT NOT NULL,
  episode BIGINT NOT NULL,
  queue_id UUID,
  agent_id UUID,
  lang TEXT NOT NULL,
  product TEXT,
  page TEXT,
  created_at BIGINT NOT NULL,
  queued_at BIGINT,
  assigned_at BIGINT,
  resolved_at BIGINT,
  due_at BIGINT,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX conversations_visitor ON conversations (tenant_id, visitor_id, created_at);
CREATE INDEX conversations_agent ON conversations (tenant_id, agent_id, state);
CREATE INDEX conversations_waiting ON conversations (tenant_id, queue_id, queued_at) WHERE state = 'queued';
CREATE INDEX conversations_due ON conversations (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX conversations_state ON conversations (tenant_id, state);

CREATE TABLE episodes (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  number BIGINT NOT NULL,
  began_with TEXT NOT NULL CHECK (began_with IN ('bot', 'queue', 'agent', 'nobody')),
  created_at BIGINT NOT NULL,
  human_requested_at BIGINT,
  accepted_at BIGINT,
  first_human_reply_at BIGINT,
  ended_at BIGINT,
  outcome TEXT,
  score BIGINT CHECK (score BETWEEN 1 AND 5),
  comment TEXT,
  solved BIGINT CHECK (solved IN (0, 1)),
  agent_id UUID,
  PRIMARY KEY (tenant_id, conversation_id, number)
);
CREATE INDEX episodes_agent ON episodes (tenant_id, agent_id, ended_at);
