-- Kinds of question, which customers choose before a person is asked for; details are what they are asked to add, as JSON.
CREATE TABLE question_kinds (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  queue_id BLOB,
  details TEXT NOT NULL,
  archived_at INTEGER,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;
-- The kind that the customer of a conversation chose, and when the customer did so or skipped it.
ALTER TABLE conversations ADD COLUMN about_id BLOB;
ALTER TABLE conversations ADD COLUMN about_at INTEGER;
