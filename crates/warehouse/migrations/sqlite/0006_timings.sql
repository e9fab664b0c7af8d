-- DWS: response times. They are samples, not facts of the journal: what empties the store leaves them alone.

-- How many times of a kind were noted in a minute; the bucket is the upper edge of the interval in milliseconds.
CREATE TABLE dws_timing_minute (
  tenant_id BLOB NOT NULL,
  minute INTEGER NOT NULL,
  kind TEXT NOT NULL,
  bucket INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, minute, kind, bucket)
) STRICT, WITHOUT ROWID;

-- The same by quarter of an hour; the minute is its first.
CREATE TABLE dws_timing_quarter (
  tenant_id BLOB NOT NULL,
  minute INTEGER NOT NULL,
  kind TEXT NOT NULL,
  bucket INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, minute, kind, bucket)
) STRICT, WITHOUT ROWID;
