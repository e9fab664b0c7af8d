-- Tokens of programs. A program is a row of `agents` that no list of people shows; what it may do is JSON (domain::api_token).
ALTER TABLE agents ADD COLUMN is_program BIGINT NOT NULL DEFAULT 0 CHECK (is_program IN (0, 1));

CREATE TABLE api_tokens (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  name TEXT NOT NULL,
  holds TEXT NOT NULL,
  ranges TEXT NOT NULL,
  hint TEXT NOT NULL,
  version BIGINT NOT NULL,
  maker_id UUID,
  made_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_by TEXT,
  revoked_at BIGINT,
  refused BIGINT NOT NULL DEFAULT 0,
  refused_why TEXT,
  refused_at BIGINT,
  PRIMARY KEY (tenant_id, id)
);

-- The secrets of each token, by their hash: the newest, and earlier ones until their overlap is over.
CREATE TABLE api_token_secrets (
  token_hash BYTEA PRIMARY KEY,
  tenant_id UUID NOT NULL,
  token_id UUID NOT NULL,
  version BIGINT NOT NULL,
  valid_until BIGINT
);
CREATE UNIQUE INDEX api_token_secrets_token ON api_token_secrets (tenant_id, token_id, version);
