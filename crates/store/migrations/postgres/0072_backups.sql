-- Backups of this installation that were made or failed, for whoever runs it. They are of no company.
CREATE TABLE backups (
  id UUID PRIMARY KEY,
  begun_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  place TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  is_sealed BIGINT NOT NULL CHECK (is_sealed IN (0, 1)),
  failure TEXT
);
