-- Backups of this installation that were made or failed, for whoever runs it. They are of no company.
CREATE TABLE backups (
  id BLOB PRIMARY KEY,
  begun_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  place TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  is_sealed INTEGER NOT NULL CHECK (is_sealed IN (0, 1)),
  failure TEXT
) STRICT, WITHOUT ROWID;
