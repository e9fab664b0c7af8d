-- Passkeys of the staff (WebAuthn). A credential belongs to one member of the installation: whoever signs in with it names nobody.
CREATE TABLE passkeys (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  agent_id UUID NOT NULL,
  credential_id BYTEA NOT NULL UNIQUE,
  credential TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX passkeys_agent ON passkeys (tenant_id, agent_id);
