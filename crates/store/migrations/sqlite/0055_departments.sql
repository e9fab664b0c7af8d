-- Departments: a tree above the groups. A group belongs to one or to none; a member to that of the group, or to one of their own if the group has none.
CREATE TABLE departments (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  id BLOB NOT NULL,
  parent_id BLOB,
  name TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX departments_parent ON departments (tenant_id, parent_id) WHERE parent_id IS NOT NULL;

ALTER TABLE agent_groups ADD COLUMN department_id BLOB;
ALTER TABLE agents ADD COLUMN department_id BLOB;
-- Grows whenever what the member's reaches relate them to may have changed: what a node remembers of it counts for this version alone.
ALTER TABLE agents ADD COLUMN reach_version INTEGER NOT NULL DEFAULT 0;
CREATE INDEX agents_department ON agents (tenant_id, department_id) WHERE department_id IS NOT NULL;
