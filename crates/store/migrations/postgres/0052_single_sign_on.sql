-- Single sign-on of a company's staff: the identity provider, who signed in by way of it, and attempts that are under way.
CREATE TABLE single_sign_on (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  secret BYTEA NOT NULL,
  domains TEXT NOT NULL,
  groups_claim TEXT NOT NULL,
  roles TEXT NOT NULL,
  role_otherwise TEXT,
  creates BIGINT NOT NULL CHECK (creates IN (0, 1)),
  required BIGINT NOT NULL CHECK (required IN (0, 1)),
  proved_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id)
);

CREATE TABLE single_sign_on_identities (
  tenant_id UUID NOT NULL,
  subject BYTEA NOT NULL,
  agent_id UUID NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, subject),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX single_sign_on_identities_agent ON single_sign_on_identities (tenant_id, agent_id);

CREATE TABLE single_sign_on_attempts (
  state_hash BYTEA NOT NULL,
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  browser_hash BYTEA NOT NULL,
  expires_at BIGINT NOT NULL,
  spent_at BIGINT,
  PRIMARY KEY (state_hash)
);
CREATE INDEX single_sign_on_attempts_expiry ON single_sign_on_attempts (tenant_id, expires_at);
