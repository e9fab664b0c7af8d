-- Companies that are on their way: arriving by an import, or being erased. Nobody sees them, and nothing is done for them, until the row is deleted.
CREATE TABLE transfers (
  company_id BLOB PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('arriving', 'leaving')),
  -- The short name that the company will have, or had.
  slug TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  -- The node that does it; once that is gone, another one goes on.
  node_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;
-- When the company arrived by an import, if it did: what was erased before that is not erased again.
ALTER TABLE tenants ADD COLUMN arrived_at INTEGER;
-- The record that is being moved into this one, by its generation, until all of it is here.
CREATE TABLE moving (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  generation BLOB NOT NULL,
  begun_at INTEGER NOT NULL
) STRICT;
