-- What the staff are told: of one group, or everybody if there is none.
CREATE TABLE announcements (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  group_id UUID,
  by_id UUID NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- Who has read which of them.
CREATE TABLE announcements_read (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  announcement_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, announcement_id, agent_id)
);
