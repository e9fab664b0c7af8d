-- Which lessons about the program a member has finished, and when for the first time.
CREATE TABLE lessons_finished (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  agent_id BLOB NOT NULL,
  lesson TEXT NOT NULL,
  finished_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, agent_id, lesson)
) STRICT;
