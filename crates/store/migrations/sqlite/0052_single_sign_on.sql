-- Single sign-on of a company's staff: the identity provider, who signed in by way of it, and attempts that are under way.
CREATE TABLE single_sign_on (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  secret BLOB NOT NULL,
  domains TEXT NOT NULL,
  groups_claim TEXT NOT NULL,
  roles TEXT NOT NULL,
  role_otherwise TEXT,
  creates INTEGER NOT NULL CHECK (creates IN (0, 1)),
  required INTEGER NOT NULL CHECK (required IN (0, 1)),
  proved_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE single_sign_on_identities (
  tenant_id BLOB NOT NULL,
  subject BLOB NOT NULL,
  agent_id BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, subject),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX single_sign_on_identities_agent ON single_sign_on_identities (tenant_id, agent_id);

CREATE TABLE single_sign_on_attempts (
  state_hash BLOB NOT NULL,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  browser_hash BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  spent_at INTEGER,
  PRIMARY KEY (state_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX single_sign_on_attempts_expiry ON single_sign_on_attempts (tenant_id, expires_at);
