-- The pages on which a site's snippet was seen, without their queries, and the version of the loader there.
CREATE TABLE site_sightings (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  site_id UUID NOT NULL,
  page TEXT NOT NULL,
  loader BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, site_id, page)
);
