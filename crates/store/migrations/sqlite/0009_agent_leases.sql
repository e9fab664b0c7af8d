-- When each agent's console was last heard of, apart from the agents: routing locks an agent's row, and a lease must not wait for that, nor that for a lease.
-- No foreign key: one agent who is gone must not keep the leases of five hundred others from being renewed.
CREATE TABLE agent_leases (
  tenant_id BLOB NOT NULL,
  agent_id BLOB NOT NULL,
  last_seen_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, agent_id)
) STRICT;
INSERT INTO agent_leases (tenant_id, agent_id, last_seen_at)
  SELECT tenant_id, id, last_seen_at FROM agents WHERE last_seen_at IS NOT NULL;
ALTER TABLE agents DROP COLUMN last_seen_at;
