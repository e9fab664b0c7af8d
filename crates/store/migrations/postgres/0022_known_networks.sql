-- Networks from which a member of the staff signed in: keyed digests. Wrong passwords from elsewhere do not keep the member out there.
CREATE TABLE known_networks (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  agent_id UUID NOT NULL,
  network BYTEA NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, agent_id, network)
);
