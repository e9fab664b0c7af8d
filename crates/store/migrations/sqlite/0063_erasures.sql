-- What was erased of people, and what is to be: who asked, why, how far it is, and afterwards a signed proof that has nothing of what was erased.
CREATE TABLE erasures (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('message', 'conversation', 'visitor', 'customer', 'rule')),
  -- What is erased, and of a message its number. Of a visitor, whom the numbers know by a pseudonym of this id, it is deleted at the end.
  subject BLOB,
  seq INTEGER,
  -- The keyed digest by which a visitor is known again whom a backup brings back.
  mark TEXT,
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'declined', 'running', 'done')),
  -- The member who asked for it, by name; the id is missing if the customer did, or the terminal.
  asked_by BLOB,
  asked_name TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  -- The second person, if the company wants one.
  decided_by BLOB,
  decided_name TEXT,
  decided_at INTEGER,
  done_at INTEGER,
  -- How much of what was erased, as JSON; and the proof, once it is done.
  places TEXT NOT NULL,
  signature TEXT,
  -- What still leads to the person while it is being done, as JSON.
  traces TEXT,
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasures_open ON erasures (state, tenant_id) WHERE state IN ('waiting', 'running');

-- Since when a conversation is being erased: nobody sees it until that is done.
ALTER TABLE conversations ADD COLUMN erasing_at INTEGER;
CREATE INDEX conversations_erasing ON conversations (tenant_id, visitor_id) WHERE erasing_at IS NOT NULL;

CREATE TABLE privacy_settings (
  tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
  four_eyes INTEGER NOT NULL CHECK (four_eyes IN (0, 1)),
  -- After how many days what was said, what was sent as a file, and what somebody looked at is erased; NULL if it is kept.
  conversation_days INTEGER CHECK (conversation_days > 0),
  file_days INTEGER CHECK (file_days > 0),
  view_days INTEGER CHECK (view_days > 0),
  -- When it was last looked whether something is older than that; NULL if the rules are new.
  applied_at INTEGER,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
