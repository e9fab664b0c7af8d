-- What a customer is, in the company's own words: its labels.
CREATE TABLE customer_labels (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  customer_id UUID NOT NULL,
  label_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, customer_id, label_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_labels_label ON customer_labels (tenant_id, label_id);
