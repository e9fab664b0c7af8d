-- The end of each company's audit, signed with the key outside the record: an entry removed from the end is missed.
CREATE TABLE audit_heads (
  tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
  seq INTEGER NOT NULL,
  chain TEXT NOT NULL,
  at INTEGER NOT NULL,
  signature TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- What the audit is searched by; derived from its entries, and compared with them when they are verified.
CREATE TABLE audit_index (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor_id BLOB,
  operation TEXT NOT NULL,
  object TEXT,
  PRIMARY KEY (tenant_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_index_actor ON audit_index (tenant_id, actor_id, seq);
CREATE INDEX audit_index_object ON audit_index (tenant_id, object, seq);
CREATE INDEX audit_index_operation ON audit_index (tenant_id, operation, seq);
INSERT INTO audit_index (tenant_id, seq, at, actor_id, operation, object)
  SELECT e.tenant_id, e.seq, e.at, e.actor_id, json_extract(e.body, '$.operation'), json_extract(e.body, '$.made')
  FROM journal_heads h JOIN journal_entries e ON e.tenant_id = h.tenant_id AND e.stream_id = h.stream_id
  WHERE h.kind = 'audit' AND e.body_state = 'plain';
-- How long a company keeps its audit; without a row, for ever. It is signed: whoever can only write to the record has nothing deleted by it.
CREATE TABLE audit_retention (
  tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
  kept_days INTEGER NOT NULL,
  signature TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Where an audit begins whose older entries were deleted: the last of them, signed.
CREATE TABLE audit_anchors (
  tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
  seq INTEGER NOT NULL,
  chain TEXT NOT NULL,
  at INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL,
  signature TEXT NOT NULL
) STRICT, WITHOUT ROWID;
