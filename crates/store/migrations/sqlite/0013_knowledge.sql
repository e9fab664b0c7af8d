-- What editors write before the bot says it: the draft beside the published knowledge, versions to go back to, the test set and its runs, and what went unanswered.
CREATE TABLE knowledge_state (
  tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
  revision INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;

CREATE TABLE knowledge_categories (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  key TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, key)
) STRICT;

CREATE TABLE knowledge_drafts (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  document TEXT NOT NULL,
  removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
  updated_at INTEGER NOT NULL,
  updated_by BLOB,
  PRIMARY KEY (tenant_id, id)
) STRICT;

INSERT INTO knowledge_drafts (tenant_id, id, position, document, removed, updated_at, updated_by)
  SELECT tenant_id, id, position, document, 0, 0, NULL FROM knowledge;

CREATE TABLE knowledge_versions (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  number INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB,
  note TEXT NOT NULL,
  reason TEXT,
  restores INTEGER,
  checked TEXT,
  entries INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, number)
) STRICT;

CREATE TABLE knowledge_version_entries (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  number INTEGER NOT NULL,
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (tenant_id, number, id)
) STRICT;

CREATE TABLE knowledge_tests (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  sentence TEXT NOT NULL,
  lang TEXT NOT NULL CHECK (lang IN ('zh-CN', 'en')),
  expected TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE knowledge_runs (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  revision INTEGER NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  done INTEGER NOT NULL,
  total INTEGER NOT NULL,
  result TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX knowledge_runs_created ON knowledge_runs (tenant_id, created_at);

CREATE TABLE unanswered (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  conversation_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  lang TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'dismissed')),
  entry_id TEXT,
  PRIMARY KEY (tenant_id, conversation_id, seq)
) STRICT;
CREATE INDEX unanswered_open ON unanswered (tenant_id, at) WHERE state = 'open';

CREATE TABLE unanswered_position (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  generation BLOB NOT NULL,
  transaction_id INTEGER NOT NULL,
  pos INTEGER NOT NULL
) STRICT;
