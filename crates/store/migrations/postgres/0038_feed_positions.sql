-- How far each follower of the feed has got, by its name: one table in place of one for each of them.
CREATE TABLE feed_positions (
  name TEXT PRIMARY KEY,
  generation UUID NOT NULL,
  transaction_id BIGINT NOT NULL,
  pos BIGINT NOT NULL
);
INSERT INTO feed_positions (name, generation, transaction_id, pos) SELECT 'webhooks', generation, transaction_id, pos FROM webhook_position;
INSERT INTO feed_positions (name, generation, transaction_id, pos) SELECT 'unanswered', generation, transaction_id, pos FROM unanswered_position;
INSERT INTO feed_positions (name, generation, transaction_id, pos) SELECT 'recommendations', generation, transaction_id, pos FROM recommendation_position;
-- What was stored before was listened to when it was sent.
INSERT INTO feed_positions (name, generation, transaction_id, pos)
  SELECT 'danger', i.generation, e.xid::text::bigint, e.pos FROM installation i CROSS JOIN (SELECT xid, pos FROM journal_entries ORDER BY xid DESC, pos DESC LIMIT 1) e;
DROP TABLE webhook_position;
DROP TABLE unanswered_position;
DROP TABLE recommendation_position;
