-- Macros: acts that an agent has done in a conversation at once, in order. Without an owner, everybody at the desk has them.
CREATE TABLE macros (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  owner_id UUID,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  acts TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
