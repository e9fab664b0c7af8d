-- When the customer of a conversation that waits for long was last offered to leave a message instead; once in each wait.
ALTER TABLE conversations ADD COLUMN message_offered_at BIGINT;
