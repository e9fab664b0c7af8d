-- Kinds of question, which customers choose before a person is asked for; details are what they are asked to add, as JSON.
CREATE TABLE question_kinds (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  id UUID NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  queue_id UUID,
  details TEXT NOT NULL,
  archived_at BIGINT,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
-- The kind that the customer of a conversation chose, and when the customer did so or skipped it.
ALTER TABLE conversations ADD COLUMN about_id UUID;
ALTER TABLE conversations ADD COLUMN about_at BIGINT;
