-- Visitors from whom a company takes nothing: in which conversation, why and by whom they were blocked, and until when; for good, without a time.
CREATE TABLE visitor_blocks (
  tenant_id UUID NOT NULL,
  visitor_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  reason TEXT NOT NULL,
  agent_id UUID NOT NULL,
  at BIGINT NOT NULL,
  until BIGINT,
  PRIMARY KEY (tenant_id, visitor_id)
);
