-- The message that says that somebody may be in danger, as long as no member of the staff has replied since.
ALTER TABLE conversations ADD COLUMN danger_of INTEGER;
UPDATE conversations SET danger_of = (
  SELECT MAX(a.seq) FROM alerts a
  WHERE a.tenant_id = conversations.tenant_id AND a.subject_kind = 'conversation' AND a.subject_id = conversations.id AND a.kind = 'danger')
WHERE state NOT IN ('resolved', 'closed') OR alerted_at IS NOT NULL;
UPDATE conversations SET danger_of = NULL WHERE danger_of IS NOT NULL AND EXISTS (
  SELECT 1 FROM journal_entries e
  WHERE e.tenant_id = conversations.tenant_id AND e.stream_id = conversations.id AND e.seq > conversations.danger_of
    AND e.kind = 'message' AND e.actor_kind = 'agent');
