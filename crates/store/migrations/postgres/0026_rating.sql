-- A rating. Not checked here: the scale is one of the rules (domain::rating), and another one is to need no new constraint.
ALTER TABLE episodes DROP CONSTRAINT episodes_score_check;
