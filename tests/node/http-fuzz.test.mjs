// Every broken request gets a client error. The long run is http-fuzz.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './http-fuzz.mjs';

test('no request, however broken, is answered with 5xx or logged as a failure', async (t) => {
  const figures = await fuzz({ messages: 10_000, seed: 7 });
  t.diagnostic(JSON.stringify({ ...figures, wrong: figures.wrong.length }));
  assert.deepEqual(figures.wrong, []);
  assert.deepEqual(figures.failures, []);
  assert.ok(figures.healthy);
  assert.ok(figures.answers > 2_000, 'most are answered');
  assert.ok(figures.logLines < figures.seconds * 11 + 20, `${figures.logLines} lines in ${figures.seconds} s`);
  // A short run ends during the warm-up.
  assert.ok(figures.residentMb.growth < 0.5, JSON.stringify(figures.residentMb));
});
