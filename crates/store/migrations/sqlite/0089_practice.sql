-- A company in which the staff of another one practise. Nobody signs in to it, and no visitor reaches it.
ALTER TABLE tenants ADD COLUMN practice_of BLOB;
CREATE UNIQUE INDEX tenants_practice_of ON tenants (practice_of);

-- Who practises there, as which member, and what they practise now or did last. The member and the session are of the company that it belongs to.
CREATE TABLE practice_learners (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  agent_id BLOB NOT NULL,
  member_id BLOB NOT NULL,
  member_session_id BLOB NOT NULL,
  queue_id BLOB NOT NULL,
  site_id BLOB NOT NULL,
  exercise TEXT NOT NULL,
  lang TEXT NOT NULL,
  visitor_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  begun_at INTEGER NOT NULL,
  finished_at INTEGER,
  ended_at INTEGER,
  PRIMARY KEY (tenant_id, agent_id)
) STRICT;
CREATE UNIQUE INDEX practice_learners_member ON practice_learners (tenant_id, member_id);
CREATE INDEX practice_learners_live ON practice_learners (begun_at) WHERE ended_at IS NULL;
