-- The layers are kept in editions of their own, each in a file or schema beside this one; they are filled again from the journal.
DROP TABLE dwd_dialogue;
DROP TABLE dwd_session;
DROP TABLE dws_minute;
DROP TABLE dws_quarter;
DROP TABLE reducer;

-- The editions there are: of which history, under which definitions, and since when each is complete.
CREATE TABLE edition (
  number INTEGER NOT NULL PRIMARY KEY,
  generation BLOB NOT NULL,
  rules TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  ready_at INTEGER
) STRICT;

-- The number of the last one; nodes that begin one at the same moment wait for each other here.
CREATE TABLE edition_counter (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  last INTEGER NOT NULL
) STRICT;
INSERT INTO edition_counter (one, last) VALUES (1, 0);
