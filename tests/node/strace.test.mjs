// The system calls show it: between a change's arrival and its answer, the log was synced to the disk.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { newOrganization, newOrganizationKey } from './lib/scene.mjs';
import { Server, newDataDirectory } from './lib/server.mjs';
import { checkSyncs, readTrace } from './lib/trace.mjs';
import { until } from './lib/until.mjs';
import { Wire, request } from './lib/wire.mjs';

const changes = 100;
const traced = 'fsync,fdatasync,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,sendmmsg';

const data = newDataDirectory();
const traceFile = `${data}.trace`;
let server;
let organization;

before(async () => {
  const under = ['strace', '-f', '-tt', '-y', '-s', '1024', '-e', `trace=${traced}`, '-e', 'signal=none', '-o', traceFile];
  server = await Server.start({ data, under });
  organization = await newOrganization(server.api);
});

after(async () => {
  await server?.dispose();
  rmSync(traceFile, { force: true });
});

/** Sends one request after the other and returns their markers once the trace holds all the answers. */
async function sendAll(count, bytesOf, expectedStatus) {
  const wire = await Wire.connect(server.port);
  const markers = [];
  try {
    for (let i = 0; i < count; i++) {
      const marker = `marker-${randomUUID()}`;
      const answer = await wire.exchange(bytesOf(marker, i));
      assert.equal(answer.status, expectedStatus, answer.body.toString());
      markers.push(marker);
    }
  } finally {
    wire.close();
  }
  return await until('the trace of the last answer', () => {
    const lines = existsSync(traceFile) ? readTrace(readFileSync(traceFile, 'latin1')) : [];
    const checked = checkSyncs(lines, markers, expectedStatus);
    return checked.unanswered.length === 0 ? { lines, markers, checked } : null;
  });
}

const changing = [
  [
    'creation of a key',
    201,
    (marker) =>
      request('POST', `/organizations/${organization.id}/api_keys`, {
        key: server.key,
        headers: { 'Idempotency-Key': marker },
        body: JSON.stringify({ name: 'Traced' }),
      }),
  ],
  [
    'revocation',
    200,
    (marker, _, keys) =>
      request('POST', `/api_keys/${keys.shift().id}/revoke`, {
        key: server.key,
        headers: { 'X-Marker': marker },
        body: '{}',
      }),
  ],
];

for (const [change, status, bytesOf] of changing) {
  test(`a ${change} is answered only after the write-ahead log was synced`, async () => {
    const keys = await Promise.all(Array.from({ length: changes }, () => newOrganizationKey(server.api, organization)));
    const { lines, markers, checked } = await sendAll(changes, (marker, i) => bytesOf(marker, i, keys), status);
    assert.deepEqual(checked.withoutSync, []);
    assert.equal(checked.synced.length, changes);

    const blind = checkSyncs(
      lines.filter(({ call }) => call !== 'fsync' && call !== 'fdatasync'),
      markers,
      status,
    );
    assert.equal(blind.withoutSync.length, changes, 'the check must fail on a trace without syncs');
  });
}
