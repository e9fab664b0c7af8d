-- The staff of a large company: found by words, page by page, numbered by a count. An address belongs to a member of one company, not of the installation.
DROP INDEX agents_email;
CREATE UNIQUE INDEX agents_email ON agents (tenant_id, email);

-- What words are looked for in: name, number and address as domain::text::normal leaves them, to which the next change of a member brings it.
ALTER TABLE agents ADD COLUMN found_by TEXT NOT NULL DEFAULT '';
UPDATE agents SET found_by = replace(replace(replace(replace(lower(name || ' ' || number || ' ' || email), '@', ' '), '.', ' '), '-', ' '), '_', ' ');
CREATE INDEX agents_joined ON agents (tenant_id, created_at, id);
CREATE INDEX agents_group ON agents (tenant_id, group_id) WHERE group_id IS NOT NULL;
CREATE INDEX agents_available ON agents (tenant_id, id) WHERE state = 'available';
CREATE INDEX agents_disabled ON agents (tenant_id, id) WHERE disabled_at IS NOT NULL;
CREATE INDEX sign_in_links_unspent ON sign_in_links (tenant_id, agent_id, expires_at) WHERE spent_at IS NULL;

-- The highest number that a member of the staff has.
ALTER TABLE tenants ADD COLUMN last_number BIGINT NOT NULL DEFAULT 100;
UPDATE tenants SET last_number = GREATEST(100, COALESCE((SELECT MAX(CAST(a.number AS BIGINT)) FROM agents a
  WHERE a.tenant_id = tenants.id AND a.number ~ '^[0-9]{1,9}$'), 100));

-- A link of a wall ends with its time and with who made it; of older ones only the name of that is known.
ALTER TABLE wall_links ADD COLUMN maker_id UUID;
ALTER TABLE wall_links ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 0;
UPDATE wall_links SET expires_at = created_at + 7776000000;
