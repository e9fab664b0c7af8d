-- The sealing key lies outside of the record; here stands by what it is recognised. In records of before the key stands in seal_key until everything is sealed anew; then
-- that is empty, and what browsers keep still opens by the former key, which is kept sealed under the new one for a while.
ALTER TABLE installation ADD COLUMN seal_fingerprint TEXT;
ALTER TABLE installation ADD COLUMN former_key BLOB;
ALTER TABLE installation ADD COLUMN former_until INTEGER;
