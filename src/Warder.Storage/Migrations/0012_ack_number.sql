-- The number of a node's acknowledgement: one with a lower number does not replace it.

ALTER TABLE nodes RENAME COLUMN told TO ack_number;
