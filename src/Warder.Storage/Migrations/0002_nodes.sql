-- One row an epoch: one registration of one node. Times are unix milliseconds by the database's clock, and only to be looked at.

CREATE TABLE nodes (
    epoch BIGINT NOT NULL PRIMARY KEY,
    id {id} NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    lease_milliseconds INTEGER NOT NULL,
    registered_at BIGINT NOT NULL,
    renewed BIGINT NOT NULL,
    renewed_at BIGINT NOT NULL,
    acked BIGINT NOT NULL,
    fenced_at BIGINT,
    missed_at BIGINT,
    barred SMALLINT NOT NULL
);
