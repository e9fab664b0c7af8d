-- Links that open the wall on a screen without sign-in; only the hash of the secret in one is kept.
CREATE TABLE wall_links (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  name TEXT NOT NULL,
  token_hash BYTEA NOT NULL UNIQUE,
  made_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT,
  PRIMARY KEY (tenant_id, id)
);
