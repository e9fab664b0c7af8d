-- What editors write before the bot says it: the draft beside the published knowledge, versions to go back to, the test set and its runs, and what went unanswered.
CREATE TABLE knowledge_state (
  tenant_id UUID PRIMARY KEY REFERENCES tenants (id),
  revision BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE knowledge_categories (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  key TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, key)
);

CREATE TABLE knowledge_drafts (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  position BIGINT NOT NULL,
  document TEXT NOT NULL,
  removed BIGINT NOT NULL CHECK (removed IN (0, 1)),
  updated_at BIGINT NOT NULL,
  updated_by UUID,
  PRIMARY KEY (tenant_id, id)
);

INSERT INTO knowledge_drafts (tenant_id, id, position, document, removed, updated_at, updated_by)
  SELECT tenant_id, id, position, document, 0, 0, NULL FROM knowledge;

CREATE TABLE knowledge_versions (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  number BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by UUID,
  note TEXT NOT NULL,
  reason TEXT,
  restores BIGINT,
  checked TEXT,
  entries BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, number)
);

CREATE TABLE knowledge_version_entries (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  number BIGINT NOT NULL,
  id TEXT NOT NULL,
  position BIGINT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (tenant_id, number, id)
);

CREATE TABLE knowledge_tests (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  sentence TEXT NOT NULL,
  lang TEXT NOT NULL CHECK (lang IN ('zh-CN', 'en')),
  expected TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE knowledge_runs (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  revision BIGINT NOT NULL,
  version BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  result TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX knowledge_runs_created ON knowledge_runs (tenant_id, created_at);

CREATE TABLE unanswered (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  conversation_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  lang TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'dismissed')),
  entry_id TEXT,
  PRIMARY KEY (tenant_id, conversation_id, seq)
);
CREATE INDEX unanswered_open ON unanswered (tenant_id, at) WHERE state = 'open';

CREATE TABLE unanswered_position (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  generation UUID NOT NULL,
  transaction_id BIGINT NOT NULL,
  pos BIGINT NOT NULL
);
