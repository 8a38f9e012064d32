-- Where no index holds the state of a key, a revocation writes no index: SQLite writes a page less, and PostgreSQL keeps the row's new
-- version on the page of the old one. One index of an organization's keys serves its lists and counts.

DROP INDEX api_keys_by_owner;
DROP INDEX api_keys_by_organization;
CREATE INDEX api_keys_by_organization ON api_keys (organization_id, id, membership_id);
DROP INDEX api_keys_by_expiry;
CREATE INDEX api_keys_by_expiry ON api_keys (expires_at) WHERE expires_at IS NOT NULL;
