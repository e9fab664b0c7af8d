-- Goods that staff keep: who sees them, what their prices were, their pictures, imports that wait for a yes.
ALTER TABLE goods ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE goods ADD COLUMN state TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('draft', 'live', 'off'));
ALTER TABLE goods ADD COLUMN picture_id BLOB;
ALTER TABLE goods ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE goods ADD COLUMN deleted_at INTEGER;
UPDATE goods SET category = COALESCE(json_extract(document, '$.category'), '');

ALTER TABLE catalogues ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE goods_prices (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  goods_id TEXT NOT NULL,
  id BLOB NOT NULL,
  old_fen INTEGER,
  new_fen INTEGER NOT NULL,
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  agent_id BLOB,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, goods_id, id)
) STRICT;

CREATE TABLE goods_pictures (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL UNIQUE,
  mime TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE goods_imports (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  document TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;
