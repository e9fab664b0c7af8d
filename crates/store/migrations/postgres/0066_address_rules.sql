-- From where the staff may use the console and visitors are served, as JSON; NULL is from everywhere.
ALTER TABLE tenants ADD COLUMN address_rules TEXT;
-- Links from the terminal are the way back for those whom the rules keep out: with them, and in their sessions, no address is refused.
ALTER TABLE sign_in_links ADD COLUMN is_way_back BIGINT NOT NULL DEFAULT 0 CHECK (is_way_back IN (0, 1));
ALTER TABLE staff_sessions ADD COLUMN is_way_back BIGINT NOT NULL DEFAULT 0 CHECK (is_way_back IN (0, 1));
