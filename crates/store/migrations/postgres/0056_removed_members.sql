-- Removed members: the row stays, because the history has their name. Their address is deleted with them and can be invited again.
ALTER TABLE agents ADD COLUMN removed_at BIGINT;
DROP INDEX agents_email;
CREATE UNIQUE INDEX agents_email ON agents (tenant_id, email) WHERE removed_at IS NULL;
