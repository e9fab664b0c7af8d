-- Numbers of goods are never given twice; what goes after a while is found without looking at everything; pictures have a size.
CREATE TABLE goods_numbers (
  tenant_id UUID PRIMARY KEY REFERENCES tenants (id),
  last BIGINT NOT NULL
);
INSERT INTO goods_numbers (tenant_id, last)
SELECT tenant_id, MAX(substr(id, 3)::bigint) FROM goods
WHERE id ~ '^g-[0-9]{1,9}$' GROUP BY tenant_id;

CREATE INDEX goods_thrown ON goods (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX goods_thrown_of ON goods (tenant_id, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX goods_shown ON goods (tenant_id, picture_id) WHERE picture_id IS NOT NULL;

ALTER TABLE goods_pictures ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
CREATE INDEX goods_pictures_old ON goods_pictures (created_at);
CREATE INDEX goods_imports_old ON goods_imports (created_at);
