// No validation that starts after a change's call has returned is answered from the state before it. The long run is race.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planted } from './lib/server.mjs';
import { race } from './race.mjs';

function assertSound(figures, validations) {
  assert.equal(figures.violations, 0);
  assert.equal(figures.neverAsBefore, 0, 'every value was seen in the state before its change, on every node');
  assert.ok(figures.validations >= validations);
  assert.ok(figures.afterReturn >= validations / 6);
  assert.ok(figures.batches > 0 && figures.singles > 0);
}

test("no validation begun after a change's return is answered from before it", async (t) => {
  const figures = await race({ validations: 300_000 });
  t.diagnostic(JSON.stringify(figures));
  assertSound(figures, 300_000);
});

test("no validation begun after a change's return through another node is answered from before it", async (t) => {
  const figures = await race({ validations: 100_000, nodes: 2 });
  t.diagnostic(JSON.stringify(figures));
  assertSound(figures, 100_000);
});

test('the check finds the bug where a change is answered before the caches are told', async (t) => {
  const figures = await race({ validations: 200_000, program: planted });
  t.diagnostic(JSON.stringify(figures));
  assert.ok(figures.violations > 0);
});

// A node's messages from the database come late, so that a missing wait shows. The test covers the wait, not the speed of the messages.
const late = { validations: 50_000, nodes: 2, lateMs: 10 };

test("no validation begun after a change's return is answered from before it by a node that hears late", async (t) => {
  const figures = await race(late);
  t.diagnostic(JSON.stringify(figures));
  assertSound(figures, late.validations);
});

test('the check finds the bug where a change is answered before the other nodes have applied it', async (t) => {
  const figures = await race({ ...late, program: planted, env: { WARDER_MUTANT: 'before-the-barrier' } });
  t.diagnostic(JSON.stringify(figures));
  assert.ok(figures.violations > 0);
});
