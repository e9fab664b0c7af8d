-- What leaves the house: webhook endpoints, their deliveries, the place in the feed up to which deliveries were made; and requests that are not to have an effect twice.
CREATE TABLE request_keys (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  actor_id UUID NOT NULL,
  operation TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BYTEA NOT NULL,
  status BIGINT NOT NULL,
  body BYTEA NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, actor_id, operation, key)
);
CREATE INDEX request_keys_expiry ON request_keys (expires_at);

CREATE TABLE webhooks (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  events TEXT NOT NULL,
  bodies BIGINT NOT NULL CHECK (bodies IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled', 'gone', 'removed')),
  secret BYTEA NOT NULL,
  old_secret BYTEA,
  old_secret_until BIGINT,
  since BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  lease_node UUID,
  lease_until BIGINT,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE webhook_deliveries (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  webhook_id UUID NOT NULL,
  stream_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts BIGINT NOT NULL,
  attempts_before BIGINT NOT NULL,
  first_at BIGINT,
  due_at BIGINT NOT NULL,
  last_code TEXT,
  ended_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX webhook_deliveries_lane ON webhook_deliveries (tenant_id, webhook_id, stream_id, seq);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (tenant_id, webhook_id, due_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_list ON webhook_deliveries (tenant_id, webhook_id, state, created_at, id);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE webhook_attempts (
  tenant_id UUID NOT NULL,
  delivery_id UUID NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  duration_ms BIGINT NOT NULL,
  status BIGINT,
  code TEXT NOT NULL,
  excerpt TEXT NOT NULL,
  PRIMARY KEY (tenant_id, delivery_id, number),
  FOREIGN KEY (tenant_id, delivery_id) REFERENCES webhook_deliveries (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE webhook_streams (
  tenant_id UUID NOT NULL,
  stream_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, stream_id)
);

CREATE TABLE webhook_position (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  generation UUID NOT NULL,
  transaction_id BIGINT NOT NULL,
  pos BIGINT NOT NULL
);

CREATE INDEX journal_entries_of_company ON journal_entries (tenant_id, xid, pos);
