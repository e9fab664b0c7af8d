-- How far each follower of the feed has got, by its name: one table in place of one for each of them.
CREATE TABLE feed_positions (
  name TEXT PRIMARY KEY,
  generation BLOB NOT NULL,
  transaction_id INTEGER NOT NULL,
  pos INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO feed_positions (name, generation, transaction_id, pos) SELECT 'webhooks', generation, transaction_id, pos FROM webhook_position;
INSERT INTO feed_positions (name, generation, transaction_id, pos) SELECT 'unanswered', generation, transaction_id, pos FROM unanswered_position;
INSERT INTO feed_positions (name, generation, transaction_id, pos) SELECT 'recommendations', generation, transaction_id, pos FROM recommendation_position;
-- What was stored before was listened to when it was sent.
INSERT INTO feed_positions (name, generation, transaction_id, pos)
  SELECT 'danger', i.generation, 0, (SELECT MAX(pos) FROM journal_entries) FROM installation i WHERE EXISTS (SELECT 1 FROM journal_entries);
DROP TABLE webhook_position;
DROP TABLE unanswered_position;
DROP TABLE recommendation_position;
