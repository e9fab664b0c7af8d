-- Programs that serve this record together, when each was last heard of, and how many visitors of each company are connected to it (JSON).
CREATE TABLE nodes (
  id UUID PRIMARY KEY,
  started_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  visitors TEXT NOT NULL
);

-- Which PostgreSQL, database and timeline the generation was made in: another one means that history may have been rewound.
ALTER TABLE installation ADD COLUMN home TEXT;

-- Marks are no entries; so that other nodes hear of them from the record too, a mark names the transaction that raised it last.
ALTER TABLE journal_marks ADD COLUMN xid XID8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX journal_marks_feed ON journal_marks (xid);
CREATE FUNCTION journal_marks_raised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.xid := pg_current_xact_id();
  RETURN NEW;
END
$$;
CREATE TRIGGER journal_marks_raised BEFORE UPDATE ON journal_marks FOR EACH ROW EXECUTE FUNCTION journal_marks_raised();
