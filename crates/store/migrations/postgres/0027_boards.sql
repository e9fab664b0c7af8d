-- Boards that members of staff put together: what is on one is JSON, because it is always read and written as a whole.
CREATE TABLE boards (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  owner_id UUID NOT NULL,
  name TEXT NOT NULL,
  shared BIGINT NOT NULL CHECK (shared IN (0, 1)),
  tiles TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
