// Creates the tables, the owner, and the keys of the load; writes the keys' values to standard output, one a line.
//
//   node prepare.mjs MODE KEYS

import { getMigrations } from 'better-auth/db/migration';
import { createAuth, person } from './auth.mjs';
import { newKey } from './keys.mjs';

const [mode, keys] = process.argv.slice(2);
const auth = createAuth(mode);
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
await auth.api.signUpEmail({ body: person(mode) });
for (let i = 0; i < Number(keys); i++) {
  const { key } = await newKey(auth, i);
  process.stdout.write(`${key}\n`);
}
process.exit();
