-- What was signed of changes that are in force: the JWS holds all of it, the columns are to find it by.
CREATE TABLE receipts (
    environment INTEGER NOT NULL,
    id {id} NOT NULL,
    event_id {id} NOT NULL,
    subject_id {id} NOT NULL,
    jws TEXT NOT NULL,
    PRIMARY KEY (environment, id)
) {clustered};
CREATE INDEX receipts_by_event ON receipts (environment, event_id);
CREATE INDEX receipts_by_subject ON receipts (environment, subject_id, id);

-- The public halves of the keys that sign. The private ones are among the sealed values, by their ids. The one with the highest number signs.
CREATE TABLE signing_keys (
    number INTEGER NOT NULL PRIMARY KEY,
    id {id} NOT NULL UNIQUE,
    x TEXT NOT NULL,
    y TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Who answers from memory by a node's leave, as it has acknowledged; a line each.
ALTER TABLE nodes ADD COLUMN replicas TEXT NOT NULL DEFAULT '';
