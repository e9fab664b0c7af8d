-- The contact that was left with a message, sealed by the company's key. The entry in the journal has its masked form; older ones have it as it was written.
ALTER TABLE left_messages ADD COLUMN contact BLOB;
