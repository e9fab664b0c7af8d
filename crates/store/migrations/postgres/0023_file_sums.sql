-- How many bytes of uploaded files a company has, so that nobody has to add them up at each upload.
CREATE TABLE file_sums (
  tenant_id UUID PRIMARY KEY REFERENCES tenants (id),
  bytes BIGINT NOT NULL
);
INSERT INTO file_sums (tenant_id, bytes) SELECT tenant_id, SUM(size) FROM files GROUP BY tenant_id;

-- What nobody sent, in the order in which it goes.
CREATE INDEX files_unsent ON files (created_at) WHERE conversation_id IS NULL;
