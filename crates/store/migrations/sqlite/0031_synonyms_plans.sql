-- Groups of synonyms that are edited one by one. The table thesauri, from which they come, is no longer read; a later version removes it.
CREATE TABLE synonyms (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  lang TEXT NOT NULL,
  words TEXT NOT NULL,
  position INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;
INSERT INTO synonyms (tenant_id, id, lang, words, position, updated_at)
SELECT t.tenant_id, randomblob(16), 'zh-CN', g.value, g.key, 0 FROM thesauri t, json_each(t.document, '$.zh') AS g;
INSERT INTO synonyms (tenant_id, id, lang, words, position, updated_at)
SELECT t.tenant_id, randomblob(16), 'en', g.value, g.key, 0 FROM thesauri t, json_each(t.document, '$.en') AS g;

-- Plans that staff keep: who sees them, when they changed, whether they were deleted.
ALTER TABLE plans ADD COLUMN state TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('draft', 'live', 'off'));
ALTER TABLE plans ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plans ADD COLUMN deleted_at INTEGER;
