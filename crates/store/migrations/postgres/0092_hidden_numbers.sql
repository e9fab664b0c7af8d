-- Words as they were written, sealed by the company's key, in whose entry numbers of cards, of identities or codes are shortened.
CREATE TABLE hidden_numbers (
  tenant_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, seq)
);
