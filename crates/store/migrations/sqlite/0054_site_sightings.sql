-- The pages on which a site's snippet was seen, without their queries, and the version of the loader there.
CREATE TABLE site_sightings (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  site_id BLOB NOT NULL,
  page TEXT NOT NULL,
  loader INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, site_id, page)
) STRICT, WITHOUT ROWID;
