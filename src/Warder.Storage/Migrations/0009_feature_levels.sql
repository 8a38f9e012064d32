-- The feature level that an environment requires of its verifiers, and the level of each registered node. A node of an older version does not write its level: it has none.
ALTER TABLE environments ADD COLUMN required_level INTEGER NOT NULL DEFAULT 1;
ALTER TABLE nodes ADD COLUMN level INTEGER NOT NULL DEFAULT 0;
