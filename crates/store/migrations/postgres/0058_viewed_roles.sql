-- The role as which whoever has the session looks at the console: its name, or the id of a composed one. Nothing can be changed meanwhile.
ALTER TABLE staff_sessions ADD COLUMN viewed_role TEXT;
