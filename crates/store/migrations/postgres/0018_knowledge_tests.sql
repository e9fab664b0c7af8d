-- When a sentence of the test set was last changed, so that of two editors the second is told.
ALTER TABLE knowledge_tests ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
