-- What the staff are told: of one group, or everybody if there is none.
CREATE TABLE announcements (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  group_id BLOB,
  by_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

-- Who has read which of them.
CREATE TABLE announcements_read (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  announcement_id BLOB NOT NULL,
  agent_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, announcement_id, agent_id)
) STRICT;
