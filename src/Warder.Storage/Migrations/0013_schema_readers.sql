-- The oldest schema version whose programs can use a database of this version: a migration that only adds leaves the schema readable for
-- the versions before it, so that programs of both run side by side, and an older one can be started again. 0: programs of this version.
ALTER TABLE schema_versions ADD COLUMN readable_from INTEGER NOT NULL DEFAULT 0;
