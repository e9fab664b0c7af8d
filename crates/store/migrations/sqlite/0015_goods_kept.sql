-- Numbers of goods are never given twice; what goes after a while is found without looking at everything; pictures have a size.
CREATE TABLE goods_numbers (
  tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
  last INTEGER NOT NULL
) STRICT;
INSERT INTO goods_numbers (tenant_id, last)
SELECT tenant_id, MAX(CAST(substr(id, 3) AS INTEGER)) FROM goods
WHERE id GLOB 'g-[0-9]*' AND substr(id, 3) NOT GLOB '*[^0-9]*' AND length(id) <= 11 GROUP BY tenant_id;

CREATE INDEX goods_thrown ON goods (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX goods_thrown_of ON goods (tenant_id, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX goods_shown ON goods (tenant_id, picture_id) WHERE picture_id IS NOT NULL;

ALTER TABLE goods_pictures ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
CREATE INDEX goods_pictures_old ON goods_pictures (created_at);
CREATE INDEX goods_imports_old ON goods_imports (created_at);
