-- Records are listed by when they began.
CREATE INDEX conversations_began ON conversations (tenant_id, created_at, id);
