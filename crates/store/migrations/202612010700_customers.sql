-- Staff list customers by when they came.
CREATE INDEX customers_came ON customers (tenant_id, created_at, id);

-- By what staff find customers: keyed digests of words of names, of addresses and numbers, and of the ends of numbers.
CREATE TABLE customer_terms (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  term BYTEA NOT NULL,
  customer_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, term, customer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_terms_customer ON customer_terms (tenant_id, customer_id);

-- Whose terms are there, and in which form; those of all others are derived.
CREATE TABLE customers_with_terms (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  customer_id UUID NOT NULL,
  form BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, customer_id)
) STRICT, WITHOUT ROWID;

-- What staff noted of a customer, sealed, and who of the staff added the customer, if one did.
CREATE TABLE customer_facts (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  customer_id UUID NOT NULL,
  sealed BYTEA NOT NULL,
  added_by UUID,
  PRIMARY KEY (tenant_id, customer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_facts_added ON customer_facts (tenant_id, added_by) WHERE added_by IS NOT NULL;
