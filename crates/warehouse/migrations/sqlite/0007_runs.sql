-- Runs over a day of a company: checks, and days that were counted again. Each tells what was found at that time, in the edition that was shown then.
CREATE TABLE day_run (
  tenant_id BLOB NOT NULL,
  day TEXT NOT NULL,
  run TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  asked_by BLOB,
  begun_at INTEGER,
  ended_at INTEGER,
  outcome TEXT,
  edition INTEGER,
  done INTEGER NOT NULL,
  total INTEGER NOT NULL,
  amounts INTEGER NOT NULL,
  checked_rows INTEGER NOT NULL,
  events INTEGER NOT NULL,
  facts INTEGER NOT NULL,
  last_position INTEGER NOT NULL,
  mismatches INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  examples TEXT NOT NULL,
  PRIMARY KEY (tenant_id, day, run, asked_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX day_run_open ON day_run (asked_at) WHERE ended_at IS NULL;
CREATE INDEX day_run_latest ON day_run (tenant_id, asked_at);
