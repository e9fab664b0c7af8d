-- What visitors took an interest in, in ids and numbers only, and what was learned from it for recommendations.
CREATE TABLE recommendation_signals (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  visitor_id BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('product', 'plan', 'question')),
  item TEXT NOT NULL,
  at INTEGER NOT NULL,
  looked INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  score INTEGER,
  conversation_id BLOB,
  PRIMARY KEY (tenant_id, visitor_id, kind, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX recommendation_signals_at ON recommendation_signals (tenant_id, at);
CREATE INDEX recommendation_signals_conversation ON recommendation_signals (tenant_id, conversation_id) WHERE conversation_id IS NOT NULL;

CREATE TABLE recommendation_choices (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  subject_id BLOB NOT NULL,
  wanted INTEGER NOT NULL CHECK (wanted IN (0, 1)),
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, subject_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE recommendation_settings (
  tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
  is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  off_sites TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE recommendation_models (
  tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
  version INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  trained_at INTEGER,
  figures TEXT,
  model TEXT
) STRICT;
CREATE INDEX recommendation_models_due ON recommendation_models (due_at);

CREATE TABLE recommendation_position (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  generation BLOB NOT NULL,
  transaction_id INTEGER NOT NULL,
  pos INTEGER NOT NULL
) STRICT;
