-- When a conversation last came back to its queue because its agent was lost: from then on the customer waits anew.
ALTER TABLE conversations ADD COLUMN returned_at INTEGER;
