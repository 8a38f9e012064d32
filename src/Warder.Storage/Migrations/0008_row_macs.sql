-- HMAC-SHA-256 under a subkey of the root key, over the columns that the row's class in the code names. Rows from before have none until the first start of a server.
ALTER TABLE signing_keys ADD COLUMN mac BYTEA;
ALTER TABLE management_keys ADD COLUMN mac BYTEA;
ALTER TABLE management_key_secrets ADD COLUMN mac BYTEA;
ALTER TABLE import_schemes ADD COLUMN mac BYTEA;
ALTER TABLE receipts ADD COLUMN mac BYTEA;

-- The log's head at some moments, each with a MAC. A bounded ring: a newer head takes the slot of an older one.
CREATE TABLE log_head_macs (
    slot INTEGER NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    mac BYTEA NOT NULL
);
