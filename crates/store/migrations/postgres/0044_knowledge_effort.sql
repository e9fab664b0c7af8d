-- How much work an entry is to learn; 0 for one that was last changed before this was noted.
ALTER TABLE knowledge_drafts ADD COLUMN effort BIGINT NOT NULL DEFAULT 0;
