-- A rating. Not checked here: the scale is one of the rules (domain::rating), and another one is to need no new constraint.
ALTER TABLE episodes ADD COLUMN rating INTEGER;
UPDATE episodes SET rating = score WHERE score IS NOT NULL;
ALTER TABLE episodes DROP COLUMN score;
ALTER TABLE episodes RENAME COLUMN rating TO score;
