-- How far an epoch's own memory is; null in the row of an older version, whose acked covers its memory and its replicas.
ALTER TABLE nodes ADD COLUMN applied BIGINT;

-- Which environments have replicas at that node, and how far those are that lag behind applied. Read together with it, from one version of the row.
ALTER TABLE nodes ADD COLUMN replica_acks TEXT NOT NULL DEFAULT '';

-- Orders the statements that write both: one that arrives late changes nothing.
ALTER TABLE nodes ADD COLUMN told BIGINT NOT NULL DEFAULT 0;

-- When changes waited for the replicas of a management key, by node: each node adds what the others measured to its own. Times are unix milliseconds by the database's clock.
CREATE TABLE replica_stalls (
    management_key_id {id} NOT NULL,
    node_id {id} NOT NULL,
    intervals TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (management_key_id, node_id)
);

-- Management keys whose replicas hold no lease for a while, since changes waited for them for too long.
CREATE TABLE replica_bars (
    management_key_id {id} NOT NULL PRIMARY KEY,
    environment INTEGER NOT NULL,
    barred_until BIGINT NOT NULL,
    back_off_milliseconds BIGINT NOT NULL
);
