-- Since when an agent is in the same state with the same number of conversations, and how many these are; NULL while nothing is known of that,
-- or while the agent is not there.
ALTER TABLE agents ADD COLUMN works_since BIGINT;
ALTER TABLE agents ADD COLUMN open_count BIGINT NOT NULL DEFAULT 0;
-- Whose work is noted with every quarter of an hour.
CREATE INDEX agents_at_work ON agents (tenant_id, id) WHERE state <> 'offline';
