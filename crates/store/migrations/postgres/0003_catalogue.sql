-- What a company sells and what its bot knows. Documents are JSON: they are read whole, never filtered on.
CREATE TABLE sites (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  key TEXT NOT NULL UNIQUE,
  settings TEXT NOT NULL,
  queue_id UUID NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE goods (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  position BIGINT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE plans (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  position BIGINT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE catalogues (
  tenant_id UUID PRIMARY KEY REFERENCES tenants (id),
  document TEXT NOT NULL
);

CREATE TABLE knowledge (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  position BIGINT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE thesauri (
  tenant_id UUID PRIMARY KEY REFERENCES tenants (id),
  document TEXT NOT NULL
);

CREATE TABLE files (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  owner_kind TEXT NOT NULL CHECK (owner_kind IN ('visitor', 'agent')),
  owner_id UUID NOT NULL,
  conversation_id UUID,
  name TEXT NOT NULL,
  mime TEXT NOT NULL,
  size BIGINT NOT NULL,
  width BIGINT,
  height BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
