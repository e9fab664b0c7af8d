-- How a conversation came in. Not checked here: another channel is to need no new table.
ALTER TABLE conversations ADD COLUMN channel TEXT NOT NULL DEFAULT 'web';
