-- The cursor of each reader of the log: the sequence of the last event that it has handled. The node that owns a reader counts renewals up;
-- another may take a reader whose renewals have stood still for longer than a lease by its own clock.
CREATE TABLE log_readers (
    name {id} NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,
    owner {id},
    renewals BIGINT NOT NULL DEFAULT 0,
    problem TEXT,
    problem_at BIGINT
);
