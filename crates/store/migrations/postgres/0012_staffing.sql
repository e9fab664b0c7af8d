-- Groups of the staff, who serves a queue and when, left messages, and what a company and its sites are set to.
CREATE TABLE agent_groups (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  name TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX agent_groups_name ON agent_groups (tenant_id, name);

ALTER TABLE agents ADD COLUMN group_id UUID;
ALTER TABLE agents ADD COLUMN disabled_at BIGINT;
ALTER TABLE agents ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;

-- Hours are JSON (domain::opening_hours), read whole; NULL is as the company for a queue, always open for a company.
ALTER TABLE queues ADD COLUMN everybody BIGINT NOT NULL DEFAULT 1 CHECK (everybody IN (0, 1));
ALTER TABLE queues ADD COLUMN hours TEXT;
ALTER TABLE queues ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;

CREATE TABLE queue_members (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  queue_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, queue_id, agent_id)
);
CREATE INDEX queue_members_agent ON queue_members (tenant_id, agent_id);

ALTER TABLE tenants ADD COLUMN brand TEXT;
ALTER TABLE tenants ADD COLUMN hours TEXT;
ALTER TABLE tenants ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;

ALTER TABLE sites ADD COLUMN state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused'));
ALTER TABLE sites ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;

ALTER TABLE conversations ADD COLUMN left_at BIGINT;

-- The words stand in the journal, under the number.
CREATE TABLE left_messages (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  episode BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  queue_id UUID NOT NULL,
  left_at BIGINT NOT NULL,
  promised_by BIGINT,
  owner_id UUID,
  done_at BIGINT,
  done_by UUID,
  answered BIGINT NOT NULL DEFAULT 0 CHECK (answered IN (0, 1)),
  PRIMARY KEY (tenant_id, conversation_id, episode)
);
CREATE INDEX left_messages_waiting ON left_messages (tenant_id, left_at) WHERE done_at IS NULL;
CREATE INDEX left_messages_done ON left_messages (tenant_id, done_at) WHERE done_at IS NOT NULL;
