-- Where a company is found: the oldest one at the root of the installation's address, others below /o/{slug}, and any of them at a host name of its own.
ALTER TABLE tenants ADD COLUMN is_root INTEGER NOT NULL DEFAULT 0 CHECK (is_root IN (0, 1));
ALTER TABLE tenants ADD COLUMN host TEXT;
-- Since when nobody is served for it; its record stays.
ALTER TABLE tenants ADD COLUMN suspended_at INTEGER;
-- What it may use; NULL is without a limit.
ALTER TABLE tenants ADD COLUMN seat_limit INTEGER CHECK (seat_limit > 0);
ALTER TABLE tenants ADD COLUMN site_limit INTEGER CHECK (site_limit > 0);
ALTER TABLE tenants ADD COLUMN daily_message_limit INTEGER CHECK (daily_message_limit > 0);
ALTER TABLE tenants ADD COLUMN storage_limit INTEGER CHECK (storage_limit > 0);
UPDATE tenants SET is_root = 1 WHERE id = (SELECT id FROM tenants ORDER BY created_at, id LIMIT 1);
CREATE UNIQUE INDEX tenants_root ON tenants (is_root) WHERE is_root = 1;
CREATE UNIQUE INDEX tenants_host ON tenants (host) WHERE host IS NOT NULL;
CREATE INDEX tenants_suspended ON tenants (id) WHERE suspended_at IS NOT NULL;
