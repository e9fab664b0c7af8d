-- What a company sells and what its bot knows. Documents are JSON: they are read whole, never filtered on.
CREATE TABLE sites (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  key TEXT NOT NULL UNIQUE,
  settings TEXT NOT NULL,
  queue_id BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE goods (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE plans (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE catalogues (
  tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
  document TEXT NOT NULL
) STRICT;

CREATE TABLE knowledge (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE thesauri (
  tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
  document TEXT NOT NULL
) STRICT;

CREATE TABLE files (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  owner_kind TEXT NOT NULL CHECK (owner_kind IN ('visitor', 'agent')),
  owner_id BLOB NOT NULL,
  conversation_id BLOB,
  name TEXT NOT NULL,
  mime TEXT NOT NULL,
  size INTEGER NOT NULL,
  width INTEGER,
  height INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;
