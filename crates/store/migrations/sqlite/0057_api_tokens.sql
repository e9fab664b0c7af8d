-- Tokens of programs. A program is a row of `agents` that no list of people shows; what it may do is JSON (domain::api_token).
ALTER TABLE agents ADD COLUMN is_program INTEGER NOT NULL DEFAULT 0 CHECK (is_program IN (0, 1));

CREATE TABLE api_tokens (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  agent_id BLOB NOT NULL,
  name TEXT NOT NULL,
  holds TEXT NOT NULL,
  ranges TEXT NOT NULL,
  hint TEXT NOT NULL,
  version INTEGER NOT NULL,
  maker_id BLOB,
  made_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  revoked_by TEXT,
  revoked_at INTEGER,
  refused INTEGER NOT NULL DEFAULT 0,
  refused_why TEXT,
  refused_at INTEGER,
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- The secrets of each token, by their hash: the newest, and earlier ones until their overlap is over.
CREATE TABLE api_token_secrets (
  token_hash BLOB PRIMARY KEY,
  tenant_id BLOB NOT NULL,
  token_id BLOB NOT NULL,
  version INTEGER NOT NULL,
  valid_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX api_token_secrets_token ON api_token_secrets (tenant_id, token_id, version);
