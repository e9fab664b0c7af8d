-- The consents that are deleted because the visitor was not seen for long.
CREATE INDEX recommendation_choices_at ON recommendation_choices (tenant_id, at) WHERE wanted = 1;
