-- Whether an API key may outlive the management secret that issues it.
ALTER TABLE environments ADD COLUMN cap_issued_keys SMALLINT NOT NULL DEFAULT 0;

-- The scheme that a secret was imported under: "<alphabet>:<length>:<prefix>", until its key is deleted. "?:<prefix>" is one from before this column: any
-- scheme of that prefix may be its own.
ALTER TABLE api_key_secrets ADD COLUMN import_scheme {id};
UPDATE api_key_secrets SET import_scheme = '?:' || substr(obfuscated_value, 1, length(obfuscated_value) - 7)
    WHERE number = 1 AND EXISTS (SELECT 1 FROM import_schemes s WHERE s.environment = api_key_secrets.environment
        AND s.prefix || '...' = substr(api_key_secrets.obfuscated_value, 1, length(api_key_secrets.obfuscated_value) - 4))
    AND EXISTS (SELECT 1 FROM api_keys k WHERE k.environment = api_key_secrets.environment AND k.id = api_key_secrets.key_id AND k.deleted = 0);
CREATE INDEX api_key_secrets_by_scheme ON api_key_secrets (environment, import_scheme) WHERE import_scheme IS NOT NULL;

-- A caller's address is the caller's: the erasure of the person that it named does not reach it.
UPDATE event_personal_values SET subject_id = NULL
    WHERE subject_id IS NOT NULL AND seq IN (SELECT seq FROM events WHERE type NOT IN ('user.created', 'user.updated', 'user.deleted'));
