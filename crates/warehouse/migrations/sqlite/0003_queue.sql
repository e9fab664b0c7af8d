-- In which queue an episode waited first, and the number of the entry that says so.
ALTER TABLE dwd_session ADD COLUMN queue TEXT;
ALTER TABLE dwd_session ADD COLUMN queued_seq INTEGER;
