-- Companies, their staff, and how staff sign in.
CREATE TABLE tenants (
  id BLOB PRIMARY KEY,
  access_stream_id BLOB NOT NULL UNIQUE,
  slug TEXT NOT NULL UNIQUE,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  is_demo INTEGER NOT NULL CHECK (is_demo IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE agents (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  inbox_id BLOB NOT NULL UNIQUE,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  number TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('agent', 'manager', 'administrator')),
  password_hash TEXT,
  state TEXT NOT NULL CHECK (state IN ('available', 'break', 'offline')),
  state_since INTEGER NOT NULL,
  capacity INTEGER NOT NULL CHECK (capacity > 0),
  last_seen_at INTEGER,
  last_assigned_at INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE UNIQUE INDEX agents_email ON agents (email);

CREATE TABLE sign_in_links (
  token_hash BLOB PRIMARY KEY,
  tenant_id BLOB NOT NULL,
  agent_id BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  spent_at INTEGER
) STRICT;

CREATE TABLE staff_sessions (
  token_hash BLOB PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  tenant_id BLOB NOT NULL,
  agent_id BLOB NOT NULL,
  user_agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX staff_sessions_agent ON staff_sessions (tenant_id, agent_id);

CREATE TABLE canned_replies (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  shortcode TEXT NOT NULL,
  title TEXT NOT NULL,
  body_zh TEXT NOT NULL,
  body_en TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE UNIQUE INDEX canned_replies_shortcode ON canned_replies (tenant_id, shortcode);
