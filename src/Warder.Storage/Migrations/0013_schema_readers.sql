-- A migration that only adds leaves the database usable for older programs. The column has the oldest schema version whose programs can use
-- a database with this migration. 0: only programs that have the migration.
ALTER TABLE schema_versions ADD COLUMN readable_from INTEGER NOT NULL DEFAULT 0;
