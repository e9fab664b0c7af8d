-- When a conversation was last offered to the agent who then had it: an estimate of a wait also has to know how long agents take to accept.
ALTER TABLE episodes ADD COLUMN offered_at BIGINT;
-- The estimates read the latest services of a company every other second.
CREATE INDEX episodes_accepted ON episodes (tenant_id, accepted_at) WHERE accepted_at IS NOT NULL;
