-- Agents can also be busy: at work, and given nothing new. The reason for the present state is kept with it, and who set it if that was not the agent.
DROP INDEX agents_available;
DROP INDEX agents_at_work;
ALTER TABLE agents ADD COLUMN state_now TEXT NOT NULL DEFAULT 'offline' CHECK (state_now IN ('available', 'busy', 'break', 'offline'));
UPDATE agents SET state_now = state;
ALTER TABLE agents DROP COLUMN state;
ALTER TABLE agents RENAME COLUMN state_now TO state;
ALTER TABLE agents ADD COLUMN state_reason TEXT;
ALTER TABLE agents ADD COLUMN state_by TEXT;
CREATE INDEX agents_at_work ON agents (tenant_id, id) WHERE state <> 'offline';
CREATE INDEX agents_available ON agents (tenant_id, id) WHERE state = 'available';
