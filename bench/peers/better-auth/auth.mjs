// Better Auth with its fast settings, once for each storage mode of its API key plugin.

import { apiKey } from '@better-auth/api-key';
import { redisStorage } from '@better-auth/redis-storage';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { Redis } from 'ioredis';
import pg from 'pg';

/** The plugin's storage modes, by their names in the benchmark. */
const modes = {
  redis: { storage: 'secondary-storage' },
  'redis-postgres': { storage: 'secondary-storage', fallbackToDatabase: true },
  postgres: { storage: 'database' },
  // Within one process: the same plugin over a Map, which no other instance sees.
  memory: { storage: 'secondary-storage' },
};

export function createAuth(mode) {
  return betterAuth({
    baseURL: 'http://127.0.0.1',
    secret: 'one for all instances, and none that matters',
    database: mode === 'memory' ? memoryAdapter({ user: [], session: [], account: [], verification: [], apikey: [] }) : new pg.Pool(
      { connectionString: process.env.POSTGRES_URL }),
    secondaryStorage: storageOf(mode),
    emailAndPassword: { enabled: true },
    // `deferUpdates` needs a handler that keeps the process alive for work after the answer. This process lives anyway.
    advanced: { backgroundTasks: { handler: () => {} } },
    logger: { disabled: true },
    plugins: [apiKey({ ...modes[mode], deferUpdates: true, rateLimit: { enabled: false } })],
  });
}

/** The owner of the keys that are revoked: only a signed-in owner can delete one. */
export function person(mode) {
  return { email: `${mode}@example.com`, password: 'correct horse battery staple', name: 'Bench' };
}

function storageOf(mode) {
  if (mode === 'postgres') return undefined;
  if (mode === 'memory') return inProcess(new Map());
  return redisStorage({ client: new Redis(process.env.REDIS_URL, { enableAutoPipelining: true }), keyPrefix: `${mode}:` });
}

function inProcess(values) {
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    delete: (key) => void values.delete(key),
  };
}
