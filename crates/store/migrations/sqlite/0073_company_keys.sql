-- The key of each company, sealed by the installation's. It seals what its customers give in order to be reached, and where they were.
CREATE TABLE company_keys (
  tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Pages that earlier releases stored as they are: JSON, which is sealed at the next start.
CREATE INDEX conversations_plain_page ON conversations (tenant_id, id) WHERE substr(page, 1, 1) = '{';
