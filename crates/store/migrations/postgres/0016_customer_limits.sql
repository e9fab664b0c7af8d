-- How many text messages went out on a day (days since 1970): all of a company's (an empty prefix), those to a country, those to a range of numbers (its digest).
CREATE TABLE text_messages (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  day BIGINT NOT NULL,
  prefix TEXT NOT NULL,
  sent BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, day, prefix)
);

-- Visitors whose conversations are joining an account's, some at a time.
CREATE TABLE visitor_moves (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  visitor_id UUID NOT NULL,
  into_id UUID NOT NULL,
  site_id UUID NOT NULL,
  begun_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, visitor_id)
);

-- A keyed digest of the network a visitor was last seen from: what is left by many visitors of one network is counted together.
ALTER TABLE visitors ADD COLUMN network BYTEA;
