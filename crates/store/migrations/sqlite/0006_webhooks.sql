-- What leaves the house: webhook endpoints, their deliveries, the place in the feed up to which deliveries were made; and requests that are not to have an effect twice.
CREATE TABLE request_keys (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  actor_id BLOB NOT NULL,
  operation TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  status INTEGER NOT NULL,
  body BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, actor_id, operation, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_keys_expiry ON request_keys (expires_at);

CREATE TABLE webhooks (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  events TEXT NOT NULL,
  bodies INTEGER NOT NULL CHECK (bodies IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled', 'gone', 'removed')),
  secret BLOB NOT NULL,
  old_secret BLOB,
  old_secret_until INTEGER,
  since INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  lease_node BLOB,
  lease_until INTEGER,
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook_deliveries (
  tenant_id BLOB NOT NULL,
  id BLOB NOT NULL,
  webhook_id BLOB NOT NULL,
  stream_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts INTEGER NOT NULL,
  attempts_before INTEGER NOT NULL,
  first_at INTEGER,
  due_at INTEGER NOT NULL,
  last_code TEXT,
  ended_at INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX webhook_deliveries_lane ON webhook_deliveries (tenant_id, webhook_id, stream_id, seq);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (tenant_id, webhook_id, due_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_list ON webhook_deliveries (tenant_id, webhook_id, state, created_at, id);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE webhook_attempts (
  tenant_id BLOB NOT NULL,
  delivery_id BLOB NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  status INTEGER,
  code TEXT NOT NULL,
  excerpt TEXT NOT NULL,
  PRIMARY KEY (tenant_id, delivery_id, number),
  FOREIGN KEY (tenant_id, delivery_id) REFERENCES webhook_deliveries (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook_streams (
  tenant_id BLOB NOT NULL,
  stream_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, stream_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook_position (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  generation BLOB NOT NULL,
  transaction_id INTEGER NOT NULL,
  pos INTEGER NOT NULL
) STRICT;

CREATE INDEX journal_entries_of_company ON journal_entries (tenant_id, pos);
