-- What is to happen for a company at a time, so that nothing has to ask every company again and again.
CREATE TABLE due (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  kind TEXT NOT NULL,
  -- What it is about: the company itself, or something of it.
  subject UUID NOT NULL,
  due_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, kind, subject)
);
CREATE INDEX due_next ON due (kind, due_at);
INSERT INTO due (tenant_id, kind, subject, due_at) SELECT id, 'day_checks', id, 0 FROM tenants;
-- What the staff serves, for looking through the conversations of all companies at once.
CREATE INDEX conversations_served ON conversations (tenant_id, agent_id) WHERE state IN ('active', 'on_hold', 'snoozed');
