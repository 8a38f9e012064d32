-- The domains of organizations. A domain has one row, of one organization. The row of a deleted organization goes with it, or when another
-- organization takes the domain: an older program that deletes an organization leaves the row.
-- readable-from: 13
CREATE TABLE organization_domains (
    environment INTEGER NOT NULL,
    domain {id} NOT NULL,
    id {id} NOT NULL,
    organization_id {id} NOT NULL,
    state SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (environment, domain)
) {clustered};
CREATE INDEX organization_domains_of_organization ON organization_domains (environment, organization_id, id);
