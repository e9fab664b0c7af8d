-- Groups of synonyms that are edited one by one. The table thesauri, from which they come, is no longer read; a later version removes it.
CREATE TABLE synonyms (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  lang TEXT NOT NULL,
  words TEXT NOT NULL,
  position BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
INSERT INTO synonyms (tenant_id, id, lang, words, position, updated_at)
SELECT t.tenant_id, gen_random_uuid(), 'zh-CN', g.words::text, g.place - 1, 0
FROM thesauri t, json_array_elements(t.document::json -> 'zh') WITH ORDINALITY AS g (words, place);
INSERT INTO synonyms (tenant_id, id, lang, words, position, updated_at)
SELECT t.tenant_id, gen_random_uuid(), 'en', g.words::text, g.place - 1, 0
FROM thesauri t, json_array_elements(t.document::json -> 'en') WITH ORDINALITY AS g (words, place);

-- Plans that staff keep: who sees them, when they changed, whether they were deleted.
ALTER TABLE plans ADD COLUMN state TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('draft', 'live', 'off'));
ALTER TABLE plans ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plans ADD COLUMN deleted_at BIGINT;
