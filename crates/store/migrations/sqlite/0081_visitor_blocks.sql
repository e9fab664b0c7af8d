-- Visitors from whom a company takes nothing: in which conversation, why and by whom they were blocked, and until when; for good, without a time.
CREATE TABLE visitor_blocks (
  tenant_id BLOB NOT NULL,
  visitor_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  reason TEXT NOT NULL,
  agent_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY (tenant_id, visitor_id)
) STRICT, WITHOUT ROWID;
