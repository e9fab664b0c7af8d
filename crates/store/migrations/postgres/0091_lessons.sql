-- Which lessons about the program a member has finished, and when for the first time.
CREATE TABLE lessons_finished (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  agent_id UUID NOT NULL,
  lesson TEXT NOT NULL,
  finished_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, agent_id, lesson)
);
