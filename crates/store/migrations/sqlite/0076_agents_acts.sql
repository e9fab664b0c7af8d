-- Since when its agent has set a conversation aside: on hold, or snoozed. Once a snooze has ended by its time, since when it waits for its agent.
ALTER TABLE conversations ADD COLUMN paused_at INTEGER;

-- What a company's conversations are about, in its own words.
CREATE TABLE labels (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  colour TEXT NOT NULL,
  archived_at INTEGER,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

-- The labels of conversations: who gave each, and when.
CREATE TABLE conversation_labels (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  label_id BLOB NOT NULL,
  agent_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, label_id),
  FOREIGN KEY (tenant_id, label_id) REFERENCES labels (tenant_id, id)
) STRICT;
CREATE INDEX conversation_labels_label ON conversation_labels (tenant_id, label_id);
CREATE INDEX conversation_labels_agent ON conversation_labels (tenant_id, agent_id, at);
