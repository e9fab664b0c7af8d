-- Why a question is worth teaching, how strong that reason is, and the entry it is about: the one that was pressed, or the one that did not help.
ALTER TABLE unanswered ADD COLUMN reason TEXT NOT NULL DEFAULT 'unanswered'
  CHECK (reason IN ('unsure', 'unanswered', 'chosen', 'handed_over', 'not_helpful'));
ALTER TABLE unanswered ADD COLUMN weight BIGINT NOT NULL DEFAULT 1;
ALTER TABLE unanswered ADD COLUMN about TEXT;

-- What a run tries: the test set, the phrasings, or yesterday's questions.
ALTER TABLE knowledge_runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'tests' CHECK (kind IN ('tests', 'suspects', 'yesterday'));

-- Phrasings that looked as if they belonged to a different entry and stay where they are, until their text changes.
CREATE TABLE kept_phrasings (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  entry_id TEXT NOT NULL,
  lang TEXT NOT NULL CHECK (lang IN ('zh-CN', 'en')),
  phrasing TEXT NOT NULL,
  kept_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, entry_id, lang, phrasing)
);
