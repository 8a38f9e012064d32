-- {id}: text that compares bytewise. {clustered}: the table is its primary key's tree, where the database has such tables.
-- Times are unix milliseconds; booleans are 0 or 1.

CREATE TABLE log_head (
    id SMALLINT NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

CREATE TABLE events (
    seq BIGINT NOT NULL PRIMARY KEY,
    environment INTEGER NOT NULL,
    id {id} NOT NULL,
    type TEXT NOT NULL,
    organization_id {id},
    created_at BIGINT NOT NULL,
    effects TEXT NOT NULL,
    bytes BYTEA NOT NULL
);
CREATE UNIQUE INDEX events_by_id ON events (id);
CREATE INDEX events_by_environment ON events (environment, seq);

CREATE TABLE event_batches (
    first_seq BIGINT NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

CREATE TABLE event_personal_values (
    seq BIGINT NOT NULL,
    digest {id} NOT NULL,
    subject_id {id},
    salt BYTEA NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (seq, digest)
) {clustered};
CREATE INDEX event_personal_values_by_subject ON event_personal_values (subject_id) WHERE subject_id IS NOT NULL;

CREATE TABLE environments (
    number INTEGER NOT NULL PRIMARY KEY,
    id {id} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    key_prefix {id} NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE import_schemes (
    environment INTEGER NOT NULL,
    prefix {id} NOT NULL,
    length INTEGER NOT NULL,
    alphabet SMALLINT NOT NULL,
    PRIMARY KEY (environment, prefix, length, alphabet)
) {clustered};

CREATE TABLE organizations (
    environment INTEGER NOT NULL,
    id {id} NOT NULL,
    name TEXT NOT NULL,
    external_id {id},
    metadata TEXT NOT NULL,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (environment, id)
) {clustered};
CREATE UNIQUE INDEX organizations_by_external_id ON organizations (environment, external_id)
    WHERE external_id IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE users (
    environment INTEGER NOT NULL,
    id {id} NOT NULL,
    email TEXT NOT NULL,
    email_folded {id} NOT NULL,
    first_name TEXT,
    last_name TEXT,
    email_verified SMALLINT NOT NULL,
    external_id {id},
    metadata TEXT NOT NULL,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (environment, id)
) {clustered};
CREATE UNIQUE INDEX users_by_email ON users (environment, email_folded) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_by_external_id ON users (environment, external_id)
    WHERE external_id IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE permissions (
    environment INTEGER NOT NULL,
    id {id} NOT NULL,
    slug {id} NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    resource_type_slug TEXT NOT NULL,
    allowed_owner_types SMALLINT NOT NULL,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (environment, id)
) {clustered};
CREATE UNIQUE INDEX permissions_by_slug ON permissions (environment, slug) WHERE deleted_at IS NULL;

CREATE TABLE roles (
    environment INTEGER NOT NULL,
    id {id} NOT NULL,
    slug {id} NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    resource_type_slug TEXT NOT NULL,
    capped SMALLINT NOT NULL,
    built_in SMALLINT NOT NULL,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (environment, id)
) {clustered};
CREATE UNIQUE INDEX roles_by_slug ON roles (environment, slug) WHERE deleted_at IS NULL;

CREATE TABLE role_permissions (
    role_id {id} NOT NULL,
    permission_id {id} NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (role_id, permission_id)
) {clustered};

-- Memberships, users and organizations are kept when they end: what they owned shows why it ended.
CREATE TABLE memberships (
    environment INTEGER NOT NULL,
    id {id} NOT NULL,
    user_id {id} NOT NULL,
    organization_id {id} NOT NULL,
    role_id {id} NOT NULL,
    status SMALLINT NOT NULL,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (environment, id)
) {clustered};
CREATE UNIQUE INDEX memberships_by_user ON memberships (user_id, organization_id) WHERE deleted_at IS NULL;
CREATE INDEX memberships_by_organization ON memberships (organization_id, id);
CREATE INDEX memberships_by_role ON memberships (role_id) WHERE deleted_at IS NULL;

-- What keys are granted is stored once per distinct list: a thousand keys with the same permissions share one row here.
CREATE TABLE permission_sets (
    id BIGINT NOT NULL PRIMARY KEY,
    environment INTEGER NOT NULL,
    digest BYTEA NOT NULL
);
CREATE UNIQUE INDEX permission_sets_by_digest ON permission_sets (environment, digest);

CREATE TABLE permission_set_members (
    set_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    permission_id {id} NOT NULL,
    PRIMARY KEY (set_id, position)
) {clustered};
CREATE INDEX permission_set_members_by_permission ON permission_set_members (permission_id);

-- membership_id and user_id are empty for an organization's key. state: 0 live, 1 expired, 2 revoked.
CREATE TABLE api_keys (
    environment INTEGER NOT NULL,
    id {id} NOT NULL,
    organization_id {id} NOT NULL,
    membership_id {id} NOT NULL,
    user_id {id} NOT NULL,
    name TEXT NOT NULL,
    purpose TEXT,
    responsible_user_id {id},
    created_by {id} NOT NULL,
    permission_set_id BIGINT NOT NULL,
    state SMALLINT NOT NULL,
    expires_at BIGINT,
    suspended_at BIGINT,
    suspension_reason TEXT,
    revoked_at BIGINT,
    revocation_reason TEXT,
    deleted SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (environment, id)
) {clustered};
CREATE INDEX api_keys_by_owner ON api_keys (organization_id, membership_id, id, state, expires_at);
CREATE INDEX api_keys_by_user ON api_keys (user_id, id) WHERE user_id <> '';
CREATE INDEX api_keys_by_expiry ON api_keys (expires_at) WHERE state = 0 AND expires_at IS NOT NULL;

CREATE TABLE api_key_secrets (
    environment INTEGER NOT NULL,
    key_id {id} NOT NULL,
    number INTEGER NOT NULL,
    id {id} NOT NULL,
    digest BYTEA NOT NULL,
    obfuscated_value TEXT NOT NULL,
    ended SMALLINT NOT NULL,
    ends_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (environment, key_id, number)
) {clustered};
CREATE UNIQUE INDEX api_key_secrets_by_digest ON api_key_secrets (environment, digest);

-- When secrets were last used. Apart from them, because it is written for every key in use every few seconds: in a narrow table that is a fifth of the pages.
CREATE TABLE api_key_uses (
    key_id {id} NOT NULL,
    secret_number INTEGER NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (key_id, secret_number)
) {clustered};

CREATE TABLE management_keys (
    environment INTEGER NOT NULL,
    id {id} NOT NULL,
    name TEXT NOT NULL,
    rights BIGINT NOT NULL,
    created_by {id},
    revoked SMALLINT NOT NULL,
    deleted SMALLINT NOT NULL,
    revoked_at BIGINT,
    revocation_reason TEXT,
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (environment, id)
) {clustered};

CREATE TABLE management_key_secrets (
    key_id {id} NOT NULL,
    number INTEGER NOT NULL,
    id {id} NOT NULL,
    digest BYTEA NOT NULL,
    obfuscated_value TEXT NOT NULL,
    ended SMALLINT NOT NULL,
    ends_at BIGINT,
    last_used_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (key_id, number)
) {clustered};
CREATE UNIQUE INDEX management_key_secrets_by_digest ON management_key_secrets (digest);

-- The answers of calls that carried an Idempotency-Key, sealed under what only their caller holds.
CREATE TABLE idempotent_answers (
    scope BYTEA NOT NULL PRIMARY KEY,
    request_digest BYTEA NOT NULL,
    status SMALLINT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
) {clustered};
CREATE INDEX idempotent_answers_by_age ON idempotent_answers (created_at);

-- Values that only the root key opens. The one called "check" tells whether the root key at hand is this database's.
CREATE TABLE sealed_values (
    name {id} NOT NULL PRIMARY KEY,
    sealed BYTEA NOT NULL
);
