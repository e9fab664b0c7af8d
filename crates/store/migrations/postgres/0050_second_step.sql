-- Two-step verification of the staff: codes of an app (RFC 6238), recovery codes, and sign-ins that wait for the second step.
CREATE TABLE second_steps (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  agent_id UUID NOT NULL,
  secret BYTEA NOT NULL,
  last_step BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  confirmed_at BIGINT,
  PRIMARY KEY (tenant_id, agent_id)
);

CREATE TABLE recovery_codes (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  agent_id UUID NOT NULL,
  code_hash BYTEA NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant_id, agent_id, code_hash)
);

CREATE TABLE sign_in_steps (
  token_hash BYTEA PRIMARY KEY,
  tenant_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  way TEXT NOT NULL,
  tries BIGINT NOT NULL,
  -- The one-time link with which it began, which is used up when the second step is right, and the password that was chosen with it.
  link_hash BYTEA,
  password_hash TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX sign_in_steps_agent ON sign_in_steps (tenant_id, agent_id);

-- The roles whose members need a second step.
CREATE TABLE second_step_roles (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  role TEXT NOT NULL,
  PRIMARY KEY (tenant_id, role)
);

-- When whoever has the session last proved who they are.
ALTER TABLE staff_sessions ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
UPDATE staff_sessions SET proved_at = created_at;
-- Whether a password has to be chosen with the link although the member has one, because it is forgotten.
ALTER TABLE sign_in_links ADD COLUMN is_recovery BIGINT NOT NULL DEFAULT 0 CHECK (is_recovery IN (0, 1));
