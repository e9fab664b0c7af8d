-- From when on the bot answers and offers, fitted to each version of the knowledge; NULL until that is done.
ALTER TABLE knowledge_versions ADD COLUMN gates TEXT;
CREATE INDEX knowledge_versions_unfitted ON knowledge_versions (tenant_id, number) WHERE gates IS NULL;
