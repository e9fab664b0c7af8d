-- Sends that were refused: repeated, they are refused again, whatever has changed meanwhile.
CREATE TABLE journal_refusals (
  tenant_id BLOB NOT NULL,
  stream_id BLOB NOT NULL,
  client_id BLOB NOT NULL,
  actor_id BLOB NOT NULL,
  send_hash INTEGER NOT NULL,
  code TEXT NOT NULL,
  opens_at INTEGER,
  promised_by INTEGER,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, stream_id, client_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_refusals_sender ON journal_refusals (tenant_id, actor_id, stream_id);
CREATE INDEX journal_refusals_expiry ON journal_refusals (at);
