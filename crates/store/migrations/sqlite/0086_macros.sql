-- Macros: acts that an agent has done in a conversation at once, in order. Without an owner, everybody at the desk has them.
CREATE TABLE macros (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  owner_id BLOB,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  acts TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;
