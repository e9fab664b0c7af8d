-- Passkeys of the staff (WebAuthn). A credential belongs to one member of the installation: whoever signs in with it names nobody.
CREATE TABLE passkeys (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  agent_id BLOB NOT NULL,
  credential_id BLOB NOT NULL UNIQUE,
  credential TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX passkeys_agent ON passkeys (tenant_id, agent_id);
