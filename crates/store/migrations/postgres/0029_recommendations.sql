-- What visitors took an interest in, in ids and numbers only, and what was learned from it for recommendations.
CREATE TABLE recommendation_signals (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  visitor_id UUID NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('product', 'plan', 'question')),
  item TEXT NOT NULL,
  at BIGINT NOT NULL,
  looked BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  score BIGINT,
  conversation_id UUID,
  PRIMARY KEY (tenant_id, visitor_id, kind, item)
);
CREATE INDEX recommendation_signals_at ON recommendation_signals (tenant_id, at);
CREATE INDEX recommendation_signals_conversation ON recommendation_signals (tenant_id, conversation_id) WHERE conversation_id IS NOT NULL;

CREATE TABLE recommendation_choices (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  subject_id UUID NOT NULL,
  wanted BIGINT NOT NULL CHECK (wanted IN (0, 1)),
  at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, subject_id)
);

CREATE TABLE recommendation_settings (
  tenant_id UUID PRIMARY KEY REFERENCES tenants (id),
  is_on BIGINT NOT NULL CHECK (is_on IN (0, 1)),
  off_sites TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE recommendation_models (
  tenant_id UUID PRIMARY KEY REFERENCES tenants (id),
  version BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  trained_at BIGINT,
  figures TEXT,
  model TEXT
);
CREATE INDEX recommendation_models_due ON recommendation_models (due_at);

CREATE TABLE recommendation_position (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  generation UUID NOT NULL,
  transaction_id BIGINT NOT NULL,
  pos BIGINT NOT NULL
);
