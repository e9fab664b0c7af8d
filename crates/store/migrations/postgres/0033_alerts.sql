-- Messages that say that somebody may be in danger, and who acknowledged them. The words stay in the journal.
CREATE TABLE alerts (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  queue_id UUID NOT NULL,
  raised_at BIGINT NOT NULL,
  done_at BIGINT,
  done_by UUID,
  PRIMARY KEY (tenant_id, conversation_id, seq)
);
CREATE INDEX alerts_waiting ON alerts (tenant_id, raised_at) WHERE done_at IS NULL;
CREATE INDEX alerts_done ON alerts (tenant_id, done_at) WHERE done_at IS NOT NULL;
-- Since when nobody has acknowledged an alert of the conversation.
ALTER TABLE conversations ADD COLUMN alerted_at BIGINT;
