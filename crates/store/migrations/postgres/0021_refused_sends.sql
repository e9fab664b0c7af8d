-- Sends that were refused: repeated, they are refused again, whatever has changed meanwhile.
CREATE TABLE journal_refusals (
  tenant_id UUID NOT NULL,
  stream_id UUID NOT NULL,
  client_id UUID NOT NULL,
  actor_id UUID NOT NULL,
  send_hash BIGINT NOT NULL,
  code TEXT NOT NULL,
  opens_at BIGINT,
  promised_by BIGINT,
  at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, stream_id, client_id)
);
CREATE INDEX journal_refusals_sender ON journal_refusals (tenant_id, actor_id, stream_id);
CREATE INDEX journal_refusals_expiry ON journal_refusals (at);
