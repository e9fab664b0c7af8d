-- Customers with an account. What identifies a person is sealed; it is found again by a keyed digest (lookup).
CREATE TABLE customers (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  name BLOB,
  lang TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE customer_identifiers (
  tenant_id BLOB NOT NULL,
  lookup BLOB NOT NULL,
  customer_id BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('email', 'mobile')),
  sealed BLOB NOT NULL,
  verified_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, lookup)
) STRICT;
CREATE UNIQUE INDEX customer_identifiers_customer ON customer_identifiers (tenant_id, customer_id, kind);

CREATE TABLE customer_sessions (
  token_hash BLOB PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  tenant_id BLOB NOT NULL,
  customer_id BLOB NOT NULL,
  user_agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX customer_sessions_customer ON customer_sessions (tenant_id, customer_id);
CREATE INDEX customer_sessions_expiry ON customer_sessions (expires_at);

CREATE TABLE customer_codes (
  handle_hash BLOB PRIMARY KEY,
  tenant_id BLOB NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('register', 'recover', 'step_up', 'change')),
  customer_id BLOB,
  code_hash BLOB,
  payload BLOB,
  tries INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  spent_at INTEGER
) STRICT;
CREATE INDEX customer_codes_customer ON customer_codes (tenant_id, customer_id);
CREATE INDEX customer_codes_expiry ON customer_codes (expires_at);

CREATE TABLE customer_tickets (
  ticket_hash BLOB PRIMARY KEY,
  tenant_id BLOB NOT NULL,
  customer_id BLOB NOT NULL,
  session_id BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  spent_at INTEGER
) STRICT;
CREATE INDEX customer_tickets_expiry ON customer_tickets (expires_at);

CREATE TABLE customer_visitors (
  tenant_id BLOB NOT NULL,
  customer_id BLOB NOT NULL,
  site_id BLOB NOT NULL,
  visitor_id BLOB NOT NULL,
  PRIMARY KEY (tenant_id, customer_id, site_id)
) STRICT;
CREATE UNIQUE INDEX customer_visitors_visitor ON customer_visitors (tenant_id, visitor_id);

CREATE TABLE spent_puzzles (
  puzzle BLOB PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX spent_puzzles_expiry ON spent_puzzles (expires_at);

-- What a widget was given by a customer's session ends with it.
ALTER TABLE visitor_devices ADD COLUMN customer_session_id BLOB;
ALTER TABLE visitor_tokens ADD COLUMN customer_session_id BLOB;
CREATE INDEX visitor_devices_session ON visitor_devices (tenant_id, customer_session_id) WHERE customer_session_id IS NOT NULL;
CREATE INDEX visitor_tokens_session ON visitor_tokens (tenant_id, customer_session_id) WHERE customer_session_id IS NOT NULL;
