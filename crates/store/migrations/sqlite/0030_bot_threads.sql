-- What the bot remembers of a conversation it has, for the questions that follow up. It counts for one epoch of one episode only; without it the bot merely forgets.
CREATE TABLE bot_threads (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  state TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id)
) STRICT, WITHOUT ROWID;
