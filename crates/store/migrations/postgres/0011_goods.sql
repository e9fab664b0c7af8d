-- Goods that staff keep: who sees them, what their prices were, their pictures, imports that wait for a yes.
ALTER TABLE goods ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE goods ADD COLUMN state TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('draft', 'live', 'off'));
ALTER TABLE goods ADD COLUMN picture_id UUID;
ALTER TABLE goods ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE goods ADD COLUMN deleted_at BIGINT;
UPDATE goods SET category = COALESCE(document::json ->> 'category', '');

ALTER TABLE catalogues ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;

CREATE TABLE goods_prices (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  goods_id TEXT NOT NULL,
  id UUID NOT NULL,
  old_fen BIGINT,
  new_fen BIGINT NOT NULL,
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  agent_id UUID,
  at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, goods_id, id)
);

CREATE TABLE goods_pictures (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL UNIQUE,
  mime TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE goods_imports (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  document TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
