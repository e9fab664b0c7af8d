-- In which order companies last had a turn with a kind of job: of those who have some, whoever was served longest ago is next.
CREATE TABLE job_turns (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  kind TEXT NOT NULL,
  turn INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_turns_last ON job_turns (kind, turn);
CREATE INDEX jobs_of_company ON jobs (tenant_id, kind, due_at, id) WHERE state = 'waiting';
