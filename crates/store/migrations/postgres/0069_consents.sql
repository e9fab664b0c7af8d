-- What people allow to be stored about them, purpose by purpose: every answer with when, where and to which sentence it was given. The latest counts.
CREATE TABLE consents (
  tenant_id UUID NOT NULL REFERENCES tenants (id),
  -- A visitor or a customer. Of an account, each answer is kept for the customer and for each of its visitors.
  subject_id UUID NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('pages', 'profile', 'recommendations')),
  at BIGINT NOT NULL,
  granted BIGINT NOT NULL CHECK (granted IN (0, 1)),
  wording BIGINT NOT NULL,
  place TEXT NOT NULL CHECK (place IN ('widget', 'hall', 'before')),
  is_current BIGINT NOT NULL CHECK (is_current IN (0, 1)),
  -- When something was last stored because of it: an agreement that nothing relies on for long ends.
  relied_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, subject_id, purpose, at)
);
CREATE UNIQUE INDEX consents_current ON consents (tenant_id, subject_id, purpose) WHERE is_current = 1;
CREATE INDEX consents_relied ON consents (tenant_id, relied_at) WHERE is_current = 1 AND granted = 1;

-- What was said about recommendations stays. Whoever refused them was promised that nothing is noted of what they ask about, either.
INSERT INTO consents (tenant_id, subject_id, purpose, at, granted, wording, place, is_current, relied_at)
  SELECT tenant_id, subject_id, 'recommendations', at, wanted, 0, 'before', 1, at FROM recommendation_choices;
INSERT INTO consents (tenant_id, subject_id, purpose, at, granted, wording, place, is_current, relied_at)
  SELECT tenant_id, subject_id, 'profile', at, 0, 0, 'before', 1, at FROM recommendation_choices WHERE wanted = 0;
DROP TABLE recommendation_choices;
