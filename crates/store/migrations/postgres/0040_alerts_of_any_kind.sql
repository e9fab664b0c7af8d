-- Alerts of any kind about any subject. So far they were about messages that say that somebody may be in danger.
DROP INDEX alerts_waiting;
DROP INDEX alerts_done;
ALTER TABLE alerts RENAME TO alerts_of_danger;
CREATE TABLE alerts (
  tenant_id UUID NOT NULL,
  -- What it is about: the name of a stream.
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  kind TEXT NOT NULL,
  -- The number of the entry of that stream that raised it; an entry raises no other alert of the kind.
  seq BIGINT NOT NULL,
  level TEXT NOT NULL,
  -- The queue whose members see it besides the managers, if there is one.
  queue_id UUID,
  raised_at BIGINT NOT NULL,
  -- When somebody has to have seen to it, if that is set.
  due_at BIGINT,
  -- When it was acknowledged, and by whom.
  done_at BIGINT,
  done_by UUID,
  PRIMARY KEY (tenant_id, subject_kind, subject_id, kind, seq)
);
CREATE INDEX alerts_waiting ON alerts (tenant_id, raised_at) WHERE done_at IS NULL;
CREATE INDEX alerts_done ON alerts (tenant_id, done_at) WHERE done_at IS NOT NULL;
-- At most one of a kind waits about a subject.
CREATE UNIQUE INDEX alerts_open ON alerts (tenant_id, subject_kind, subject_id, kind) WHERE done_at IS NULL;
-- Of several that wait in one conversation, the first one stands for all: they are acknowledged together.
INSERT INTO alerts (tenant_id, subject_kind, subject_id, kind, seq, level, queue_id, raised_at, due_at, done_at, done_by)
  SELECT a.tenant_id, 'conversation', a.conversation_id, 'danger', a.seq, 'urgent', a.queue_id, a.raised_at, NULL, a.done_at, a.done_by
  FROM alerts_of_danger a
  WHERE a.done_at IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM alerts_of_danger b
    WHERE b.tenant_id = a.tenant_id AND b.conversation_id = a.conversation_id AND b.done_at IS NULL AND b.seq < a.seq);
DROP TABLE alerts_of_danger;
