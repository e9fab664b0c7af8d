-- With what the installation's operator signs in: a link that counts once, then a session. They are of no company.
CREATE TABLE operator_keys (
  token_hash BLOB PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('link', 'session')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- How many messages a company's customers wrote on a day (UTC), up to a place in the feed.
CREATE TABLE message_days (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  day INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  transaction_id INTEGER NOT NULL,
  pos INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, day)
) STRICT, WITHOUT ROWID;
-- Most companies have no such limit; those that do are looked at every two seconds.
CREATE INDEX tenants_message_limit ON tenants (id) WHERE daily_message_limit IS NOT NULL;
