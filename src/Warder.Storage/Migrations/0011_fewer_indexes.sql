-- The index of an owner's keys held their state, so that each revocation wrote a page of it. One index has an organization's keys, for its
-- lists and counts, and one has a membership's.

DROP INDEX api_keys_by_owner;
DROP INDEX api_keys_by_organization;
CREATE INDEX api_keys_by_organization ON api_keys (organization_id, id, membership_id);
CREATE INDEX api_keys_by_membership ON api_keys (membership_id, id) WHERE membership_id <> '';
