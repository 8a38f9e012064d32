// Under attack a server continues to serve, and its memory stays constant. The long run is soak.mjs (tests/soak/run --minutes 30).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attack } from './soak.mjs';

// A short run is measured during its warm-up: in the long one memory settles within a tenth.
const mostGrowth = 0.35;
const seconds = 16;

for (const [how, tls] of [
  ['in the clear', false],
  ['over TLS', true],
])
  test(`under attack of strangers hits are served and memory is bounded, ${how}`, async (t) => {
    const figures = await attack({ seconds, tls, descriptors: 1024 });
    t.diagnostic(JSON.stringify(figures));
    assert.equal(figures.ended, null);
    assert.deepEqual(figures.failures, []);
    assert.deepEqual(figures.errors, []);
    assert.ok(figures.attacked.hits > 20);
    assert.ok(figures.fresh.answered > 0, 'a new client comes in');
    assert.ok(figures.residentMb.growth <= mostGrowth, `memory grew: ${JSON.stringify(figures.residentMb)}`);
    assert.ok(figures.logLines <= seconds * 22, `${figures.logLines} lines of log`);
  });
