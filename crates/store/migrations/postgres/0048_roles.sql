-- Roles that companies compose. A member has a built-in role, by its name, or a composed one, by its id: then what it holds is kept with the member as well, so
-- that who signs in is known in one look-up.
CREATE TABLE roles (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  name TEXT NOT NULL,
  about TEXT NOT NULL,
  grants TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);
ALTER TABLE agents ADD COLUMN role_now TEXT NOT NULL DEFAULT 'agent';
UPDATE agents SET role_now = role;
ALTER TABLE agents DROP COLUMN role;
ALTER TABLE agents RENAME COLUMN role_now TO role;
ALTER TABLE agents ADD COLUMN role_grants TEXT;
CREATE INDEX agents_by_role ON agents (tenant_id, role);
