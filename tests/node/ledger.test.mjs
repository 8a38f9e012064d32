// Acknowledged changes survive kill -9, and every change is there wholly or not at all. The long run is ledger.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepLedger } from './ledger.mjs';

test('after each of five kills under load everything acknowledged is there, and nothing is half there', async (t) => {
  const figures = await keepLedger({ kills: 5, seed: 20 });
  t.diagnostic(JSON.stringify(figures));
  assert.ok(figures.kills >= 5);
  assert.ok(figures.acknowledged.create > 50);
  assert.ok(figures.replayed > 0);
});

test('on two nodes, too, whether one is killed, or both, or the database under them', async (t) => {
  const figures = await keepLedger({ kills: 5, nodes: 2, seed: 23 });
  t.diagnostic(JSON.stringify(figures));
  assert.ok(figures.kills >= 5);
  for (const what of ['node', 'all', 'database']) assert.ok(figures.strikes[what] > 0, `${what} was struck`);
  assert.ok(figures.acknowledged.create > 50);
  assert.ok(figures.undone > 0 && figures.replayed > 0);
});
