-- The keys with which a site's own server signs who is signed in on its pages: a secret (HS256), or the public half of a pair (EdDSA). Each is sealed for its site and its kid.
CREATE TABLE site_secrets (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  site_id UUID NOT NULL,
  kid TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  last_used_at BIGINT,
  valid_until BIGINT,
  PRIMARY KEY (tenant_id, site_id, kid)
);

-- The customers whom a site has named. The site's own id for them (sub) is found by a keyed digest; what the site says of them is sealed.
CREATE TABLE signed_customers (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  site_id UUID NOT NULL,
  lookup BYTEA NOT NULL,
  customer_id UUID NOT NULL,
  sealed BYTEA NOT NULL,
  signed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, site_id, lookup)
);
CREATE UNIQUE INDEX signed_customers_customer ON signed_customers (tenant_id, customer_id);

-- Tokens that were used, until they expire.
CREATE TABLE spent_identities (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  site_id UUID NOT NULL,
  token_hash BYTEA NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, site_id, token_hash)
);
CREATE INDEX spent_identities_expiry ON spent_identities (expires_at);

-- The site and the secret that a session was signed with, if the customer did not sign in here.
ALTER TABLE customer_sessions ADD COLUMN signed_site UUID;
ALTER TABLE customer_sessions ADD COLUMN signed_by TEXT;
CREATE INDEX customer_sessions_signed ON customer_sessions (tenant_id, signed_site, signed_by) WHERE signed_by IS NOT NULL;
