-- The vectors of the texts of companies' knowledge, by model and by the hash of the text: little-endian 32-bit floats.
CREATE TABLE embeddings (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  model TEXT NOT NULL,
  hash BYTEA NOT NULL,
  vector BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, model, hash)
);
-- The model whose vectors were fitted to a version; NULL until that is done.
ALTER TABLE knowledge_versions ADD COLUMN embedded_with TEXT;
