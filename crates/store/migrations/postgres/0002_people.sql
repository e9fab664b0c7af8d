-- Companies, their staff, and how staff sign in.
CREATE TABLE tenants (
  id UUID PRIMARY KEY,
  access_stream_id UUID NOT NULL UNIQUE,
  slug TEXT NOT NULL UNIQUE,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  is_demo BIGINT NOT NULL CHECK (is_demo IN (0, 1)),
  created_at BIGINT NOT NULL
);

CREATE TABLE agents (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  inbox_id UUID NOT NULL UNIQUE,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  number TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('agent', 'manager', 'administrator')),
  password_hash TEXT,
  state TEXT NOT NULL CHECK (state IN ('available', 'break', 'offline')),
  state_since BIGINT NOT NULL,
  capacity BIGINT NOT NULL CHECK (capacity > 0),
  last_seen_at BIGINT,
  last_assigned_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX agents_email ON agents (email);

CREATE TABLE sign_in_links (
  token_hash BYTEA PRIMARY KEY,
  tenant_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  spent_at BIGINT
);

CREATE TABLE staff_sessions (
  token_hash BYTEA PRIMARY KEY,
  id UUID NOT NULL UNIQUE,
  tenant_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  user_agent TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX staff_sessions_agent ON staff_sessions (tenant_id, agent_id);

CREATE TABLE canned_replies (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  shortcode TEXT NOT NULL,
  title TEXT NOT NULL,
  body_zh TEXT NOT NULL,
  body_en TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX canned_replies_shortcode ON canned_replies (tenant_id, shortcode);
