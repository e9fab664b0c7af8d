-- Customers whom the staff take for one person with another one. Nothing of either is moved: the profile of the one that stays shows both, until it is undone.
CREATE TABLE customer_merges (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  customer_id UUID NOT NULL,
  into_id UUID NOT NULL,
  merged_at BIGINT NOT NULL,
  merged_by UUID NOT NULL,
  PRIMARY KEY (tenant_id, customer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_merges_into ON customer_merges (tenant_id, into_id);
