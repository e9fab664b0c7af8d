-- Whether the company stores pages and profiles of people who agree at all. If not, nobody is asked.
ALTER TABLE privacy_settings ADD COLUMN uses_pages INTEGER NOT NULL DEFAULT 1 CHECK (uses_pages IN (0, 1));
ALTER TABLE privacy_settings ADD COLUMN uses_profile INTEGER NOT NULL DEFAULT 1 CHECK (uses_profile IN (0, 1));
