-- Ratings with words, and who takes care of them. The words are in the journal.
CREATE TABLE rating_comments (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  conversation_id UUID NOT NULL,
  episode BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  rated_at BIGINT NOT NULL,
  owner_id UUID,
  done_at BIGINT,
  done_by UUID,
  PRIMARY KEY (tenant_id, conversation_id, episode)
) STRICT, WITHOUT ROWID;
CREATE INDEX rating_comments_waiting ON rating_comments (tenant_id, rated_at) WHERE done_at IS NULL;
CREATE INDEX rating_comments_done ON rating_comments (tenant_id, done_at) WHERE done_at IS NOT NULL;
