-- Since when an agent is in the same state with the same number of conversations, and how many these are; NULL until either changes for the first time.
ALTER TABLE agents ADD COLUMN works_since BIGINT;
ALTER TABLE agents ADD COLUMN open_count BIGINT NOT NULL DEFAULT 0;
