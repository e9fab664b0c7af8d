-- Runs over a day of a company: checks, and days that were counted again. Each tells what was found at that time, in the edition that was shown then.
CREATE TABLE day_run (
  tenant_id UUID NOT NULL,
  day TEXT NOT NULL,
  run TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  asked_by UUID,
  begun_at BIGINT,
  ended_at BIGINT,
  outcome TEXT,
  edition BIGINT,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  amounts BIGINT NOT NULL,
  checked_rows BIGINT NOT NULL,
  events BIGINT NOT NULL,
  facts BIGINT NOT NULL,
  last_position BIGINT NOT NULL,
  mismatches BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  examples TEXT NOT NULL,
  PRIMARY KEY (tenant_id, day, run, asked_at)
);
CREATE INDEX day_run_open ON day_run (asked_at) WHERE ended_at IS NULL;
CREATE INDEX day_run_latest ON day_run (tenant_id, asked_at);
