-- The minutes added up by the quarter of an hour, in which the days and hours of every zone begin: so that a year is read from few rows.
CREATE TABLE dws_quarter (
  tenant_id BLOB NOT NULL,
  indicator TEXT NOT NULL,
  quarter INTEGER NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, indicator, quarter)
) STRICT, WITHOUT ROWID;

-- On which site an episode was.
ALTER TABLE dwd_session ADD COLUMN site TEXT;
