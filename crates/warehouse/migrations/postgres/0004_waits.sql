-- How the first wait of an episode in a queue ended, when, after how long, and the number of the entry that says so.
ALTER TABLE dwd_session ADD COLUMN wait_ended_at BIGINT;
ALTER TABLE dwd_session ADD COLUMN wait_ended_seq BIGINT;
ALTER TABLE dwd_session ADD COLUMN wait_end TEXT;
ALTER TABLE dwd_session ADD COLUMN wait_ms BIGINT;
-- Holds all that a queue's service level is counted from.
CREATE INDEX dwd_session_waited ON dwd_session (tenant_id, wait_ended_at, queue, wait_end, wait_ms) WHERE wait_ended_at IS NOT NULL;
