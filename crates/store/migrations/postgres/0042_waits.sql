-- Where a conversation's list finds why it waits and what the bot answered last, without searching its entries.
ALTER TABLE journal_heads ADD COLUMN wait_seq BIGINT;
ALTER TABLE journal_heads ADD COLUMN answer_seq BIGINT;
-- A closed conversation never waits again.
UPDATE journal_heads SET
  wait_seq = (SELECT MAX(e.seq) FROM journal_entries e WHERE e.tenant_id = journal_heads.tenant_id AND e.stream_id = journal_heads.stream_id
    AND e.kind IN ('human_requested', 'transferred', 'returned', 'reopened')),
  answer_seq = (SELECT MAX(e.seq) FROM journal_entries e WHERE e.tenant_id = journal_heads.tenant_id AND e.stream_id = journal_heads.stream_id
    AND e.kind = 'message' AND e.actor_kind = 'bot' AND e.facts LIKE '%"entry":"%')
WHERE EXISTS (SELECT 1 FROM conversations c WHERE c.tenant_id = journal_heads.tenant_id AND c.id = journal_heads.stream_id AND c.state <> 'closed');
