-- What the bot remembers of a conversation it has, for the questions that follow up. It counts for one epoch of one episode only; without it the bot merely forgets.
CREATE TABLE bot_threads (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  epoch BIGINT NOT NULL,
  episode BIGINT NOT NULL,
  state TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id)
);
