-- The colleagues whom notes in a conversation have called, as ids with spaces between: they may read it while it is open.
ALTER TABLE conversations ADD COLUMN called TEXT;

-- The notes that call colleagues, and when each of them has seen it.
CREATE TABLE mentions (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  agent_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  seen_at INTEGER,
  PRIMARY KEY (tenant_id, agent_id, conversation_id, seq)
) STRICT;
CREATE INDEX mentions_lately ON mentions (tenant_id, agent_id, at);
