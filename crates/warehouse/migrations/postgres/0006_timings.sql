-- DWS: response times. They are samples, not facts of the journal: what empties the store leaves them alone.

-- How many times of a kind were noted in a minute; the bucket is the upper edge of the interval in milliseconds.
CREATE TABLE dws_timing_minute (
  tenant_id UUID NOT NULL,
  minute BIGINT NOT NULL,
  kind TEXT NOT NULL,
  bucket BIGINT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, minute, kind, bucket)
);

-- The same by quarter of an hour; the minute is its first.
CREATE TABLE dws_timing_quarter (
  tenant_id UUID NOT NULL,
  minute BIGINT NOT NULL,
  kind TEXT NOT NULL,
  bucket BIGINT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, minute, kind, bucket)
);
