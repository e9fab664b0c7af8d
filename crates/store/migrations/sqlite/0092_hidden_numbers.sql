-- Words as they were written, sealed by the company's key, in whose entry numbers of cards, of identities or codes are shortened.
CREATE TABLE hidden_numbers (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, seq)
) STRICT, WITHOUT ROWID;
