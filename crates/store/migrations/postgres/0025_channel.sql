-- How a conversation came in.
ALTER TABLE conversations ADD COLUMN channel TEXT NOT NULL DEFAULT 'web';
