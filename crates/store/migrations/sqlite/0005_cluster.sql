-- Programs that serve this record together, when each was last heard of, and how many visitors of each company are connected to it (JSON). On SQLite there is one, and it does not enter itself.
CREATE TABLE nodes (
  id BLOB PRIMARY KEY,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  visitors TEXT NOT NULL
) STRICT;

-- Which PostgreSQL, database and timeline the generation was made in: another one means that history may have been rewound.
ALTER TABLE installation ADD COLUMN home TEXT;
