-- Networks from which a member of the staff signed in: keyed digests. Wrong passwords from elsewhere do not keep the member out there.
CREATE TABLE known_networks (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  agent_id BLOB NOT NULL,
  network BLOB NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, agent_id, network)
) STRICT, WITHOUT ROWID;
