-- Indexes that lists walk in the order of their ids. Filters without one are read within a bounded number of rows.

CREATE INDEX api_keys_by_organization ON api_keys (organization_id, id);
CREATE INDEX api_keys_by_responsible_user ON api_keys (responsible_user_id, id) WHERE responsible_user_id IS NOT NULL;
CREATE INDEX memberships_by_user_and_id ON memberships (user_id, id) WHERE deleted_at IS NULL;
CREATE INDEX memberships_by_organization_and_user ON memberships (organization_id, user_id) WHERE deleted_at IS NULL;
