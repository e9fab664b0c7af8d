-- Customers with an account. What identifies a person is sealed; it is found again by a keyed digest (lookup).
CREATE TABLE customers (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  name BYTEA,
  lang TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE customer_identifiers (
  tenant_id UUID NOT NULL,
  lookup BYTEA NOT NULL,
  customer_id UUID NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('email', 'mobile')),
  sealed BYTEA NOT NULL,
  verified_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, lookup)
);
CREATE UNIQUE INDEX customer_identifiers_customer ON customer_identifiers (tenant_id, customer_id, kind);

CREATE TABLE customer_sessions (
  token_hash BYTEA PRIMARY KEY,
  id UUID NOT NULL UNIQUE,
  tenant_id UUID NOT NULL,
  customer_id UUID NOT NULL,
  user_agent TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX customer_sessions_customer ON customer_sessions (tenant_id, customer_id);
CREATE INDEX customer_sessions_expiry ON customer_sessions (expires_at);

CREATE TABLE customer_codes (
  handle_hash BYTEA PRIMARY KEY,
  tenant_id UUID NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('register', 'recover', 'step_up', 'change')),
  customer_id UUID,
  code_hash BYTEA,
  payload BYTEA,
  tries BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  spent_at BIGINT
);
CREATE INDEX customer_codes_customer ON customer_codes (tenant_id, customer_id);
CREATE INDEX customer_codes_expiry ON customer_codes (expires_at);

CREATE TABLE customer_tickets (
  ticket_hash BYTEA PRIMARY KEY,
  tenant_id UUID NOT NULL,
  customer_id UUID NOT NULL,
  session_id UUID NOT NULL,
  expires_at BIGINT NOT NULL,
  spent_at BIGINT
);
CREATE INDEX customer_tickets_expiry ON customer_tickets (expires_at);

CREATE TABLE customer_visitors (
  tenant_id UUID NOT NULL,
  customer_id UUID NOT NULL,
  site_id UUID NOT NULL,
  visitor_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, customer_id, site_id)
);
CREATE UNIQUE INDEX customer_visitors_visitor ON customer_visitors (tenant_id, visitor_id);

CREATE TABLE spent_puzzles (
  puzzle BYTEA PRIMARY KEY,
  expires_at BIGINT NOT NULL
);
CREATE INDEX spent_puzzles_expiry ON spent_puzzles (expires_at);

-- What a widget was given by a customer's session ends with it.
ALTER TABLE visitor_devices ADD COLUMN customer_session_id UUID;
ALTER TABLE visitor_tokens ADD COLUMN customer_session_id UUID;
CREATE INDEX visitor_devices_session ON visitor_devices (tenant_id, customer_session_id) WHERE customer_session_id IS NOT NULL;
CREATE INDEX visitor_tokens_session ON visitor_tokens (tenant_id, customer_session_id) WHERE customer_session_id IS NOT NULL;
