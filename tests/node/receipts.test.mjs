// Receipts are verified by an independent JOSE implementation.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compactVerify, createLocalJWKSet } from 'jose';
import { Server } from './lib/server.mjs';

/** The content that a receipt's signature covers, if the server's keys verify it. */
async function opened(receipt, keySet) {
  const { payload, protectedHeader } = await compactVerify(receipt.jws, createLocalJWKSet(keySet), { algorithms: ['ES256'] });
  assert.equal(protectedHeader.typ, 'warder-receipt');
  return JSON.parse(new TextDecoder().decode(payload));
}

test('receipts verify with jose, after the signing key was replaced too, and altered ones do not', async (t) => {
  const server = await Server.start();
  t.after(() => server.dispose());
  const { api } = server;
  const organization = await api.post('/organizations', { name: 'o' });
  const keySet = () => api.as(undefined).get('/.well-known/jwks.json');
  const revoke = async () => {
    const key = await api.post(`/organizations/${organization.id}/api_keys`, { name: 'k' });
    const { receipt } = await api.post(`/api_keys/${key.id}/revoke`);
    assert.equal(receipt.subject_id, key.id);
    return receipt;
  };

  const receipts = [await revoke()];
  const old = await keySet();
  for (let i = 0; i < 2; i++) {
    await api.post('/signing_keys', undefined);
    receipts.push(await revoke());
  }

  const keys = await keySet();
  assert.equal(keys.keys.length, 3);
  for (const receipt of receipts) {
    const { jws, ...shown } = receipt;
    assert.deepEqual(await opened(receipt, keys), shown);
    assert.deepEqual(await api.get(`/receipts/${receipt.id}`), receipt);
    for (let at = 0; at < jws.length; at += 7) {
      const altered = jws.slice(0, at) + (jws[at] === 'A' ? 'B' : 'A') + jws.slice(at + 1);
      // The last character of 64 bytes holds four bits that no decoder reads.
      if (at === jws.length - 1) continue;
      await assert.rejects(opened({ jws: altered }, keys), `character ${at}`);
    }
  }

  await assert.rejects(opened(receipts[2], old));
});
