-- The lines of replicas that a receipt commits to by their digest, where it does not show all of them. Receipts with the same lines share a row.
CREATE TABLE receipt_lines (
    environment INTEGER NOT NULL,
    sha256 {id} NOT NULL,
    count INTEGER NOT NULL,
    compressed BYTEA NOT NULL,
    PRIMARY KEY (environment, sha256)
) {clustered};
