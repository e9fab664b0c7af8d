-- Groups of the staff, who serves a queue and when, left messages, and what a company and its sites are set to.
CREATE TABLE agent_groups (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  name TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE UNIQUE INDEX agent_groups_name ON agent_groups (tenant_id, name);

ALTER TABLE agents ADD COLUMN group_id BLOB;
ALTER TABLE agents ADD COLUMN disabled_at INTEGER;
ALTER TABLE agents ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;

-- Hours are JSON (domain::opening_hours), read whole; NULL is as the company for a queue, always open for a company.
ALTER TABLE queues ADD COLUMN everybody INTEGER NOT NULL DEFAULT 1 CHECK (everybody IN (0, 1));
ALTER TABLE queues ADD COLUMN hours TEXT;
ALTER TABLE queues ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE queue_members (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  queue_id BLOB NOT NULL,
  agent_id BLOB NOT NULL,
  PRIMARY KEY (tenant_id, queue_id, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_members_agent ON queue_members (tenant_id, agent_id);

ALTER TABLE tenants ADD COLUMN brand TEXT;
ALTER TABLE tenants ADD COLUMN hours TEXT;
ALTER TABLE tenants ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;

ALTER TABLE sites ADD COLUMN state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused'));
ALTER TABLE sites ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;

ALTER TABLE conversations ADD COLUMN left_at INTEGER;

-- The words stand in the journal, under the number.
CREATE TABLE left_messages (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  episode INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  queue_id BLOB NOT NULL,
  left_at INTEGER NOT NULL,
  promised_by INTEGER,
  owner_id BLOB,
  done_at INTEGER,
  done_by BLOB,
  answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1)),
  PRIMARY KEY (tenant_id, conversation_id, episode)
) STRICT;
CREATE INDEX left_messages_waiting ON left_messages (tenant_id, left_at) WHERE done_at IS NULL;
CREATE INDEX left_messages_done ON left_messages (tenant_id, done_at) WHERE done_at IS NOT NULL;
