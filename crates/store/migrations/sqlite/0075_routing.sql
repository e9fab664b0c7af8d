-- Who gets which conversation: skills and what asks for them, the rules of a queue, offers, and the load of agents in units.
CREATE TABLE skills (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE TABLE agent_skills (
  tenant_id BLOB NOT NULL,
  agent_id BLOB NOT NULL,
  skill_id BLOB NOT NULL,
  level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5),
  PRIMARY KEY (tenant_id, agent_id, skill_id)
) STRICT;
CREATE INDEX agent_skills_skill ON agent_skills (tenant_id, skill_id, level);
-- of_key is the id of the queue or the site, or the tag of the language, that asks for the skill.
CREATE TABLE needed_skills (
  tenant_id BLOB NOT NULL,
  of_kind TEXT NOT NULL,
  of_key TEXT NOT NULL,
  skill_id BLOB NOT NULL,
  level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5),
  PRIMARY KEY (tenant_id, of_kind, of_key, skill_id)
) STRICT;
-- JSON, in which what is omitted is as it is by default.
ALTER TABLE queues ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';
ALTER TABLE agents ADD COLUMN open_units INTEGER NOT NULL DEFAULT 0;
-- NULL: two units for each slot.
ALTER TABLE agents ADD COLUMN unit_capacity INTEGER;
-- Offers missed in a row.
ALTER TABLE agents ADD COLUMN missed_offers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN units INTEGER NOT NULL DEFAULT 2;
ALTER TABLE conversations ADD COLUMN offered_to BLOB;
ALTER TABLE conversations ADD COLUMN offer_until INTEGER;
CREATE INDEX conversations_offered ON conversations (tenant_id, offered_to) WHERE offered_to IS NOT NULL;
DROP INDEX conversations_waiting;
CREATE INDEX conversations_waiting ON conversations (tenant_id, queue_id, queued_at) WHERE state IN ('queued', 'offered');
-- Who has passed or missed which conversation; a short while later it may be offered to them again.
CREATE TABLE passed_offers (
  tenant_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  agent_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, agent_id)
) STRICT;
CREATE INDEX passed_offers_age ON passed_offers (tenant_id, at);
UPDATE agents SET open_units = open_count * 2 WHERE open_count > 0;
