-- The vectors of the texts of companies' knowledge, by model and by the hash of the text: little-endian 32-bit floats.
CREATE TABLE embeddings (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  model TEXT NOT NULL,
  hash BLOB NOT NULL,
  vector BLOB NOT NULL,
  PRIMARY KEY (tenant_id, model, hash)
);
-- The model whose vectors were fitted to a version; NULL until that is done.
ALTER TABLE knowledge_versions ADD COLUMN embedded_with TEXT;
