-- What is to happen for a company at a time, so that nothing has to ask every company again and again.
CREATE TABLE due (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  kind TEXT NOT NULL,
  -- What it is about: the company itself, or something of it.
  subject BLOB NOT NULL,
  due_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX due_next ON due (kind, due_at);
INSERT INTO due (tenant_id, kind, subject, due_at) SELECT id, 'day_checks', id, 0 FROM tenants;
-- What the staff serves, for looking through the conversations of all companies at once.
CREATE INDEX conversations_served ON conversations (tenant_id, agent_id) WHERE state IN ('active', 'on_hold', 'snoozed');
