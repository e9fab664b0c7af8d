-- Work that is asked for in the transaction of a change and outlives the process: any node does it, and tries again until it succeeds or is given up.
CREATE TABLE jobs (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  -- Jobs of one lane are done one after the other, in the order of their ids.
  lane BLOB NOT NULL,
  -- What the work needs to know, sealed.
  payload BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'dead')),
  attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  -- When it is to be tried, and until when a node that has taken it has it for itself.
  due_at INTEGER NOT NULL,
  lease_node BLOB,
  lease_until INTEGER NOT NULL,
  -- How the last attempt failed, and since when it is dead.
  last_code TEXT,
  died_at INTEGER,
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_due ON jobs (due_at) WHERE state = 'waiting';
CREATE INDEX jobs_lane ON jobs (tenant_id, kind, lane, id) WHERE state = 'waiting';
CREATE INDEX jobs_dead ON jobs (tenant_id, died_at) WHERE state = 'dead';
