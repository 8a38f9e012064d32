// An idempotency key: one effect and one answer, for all repetitions at all times.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { all, settle } from './lib/lists.mjs';
import { newMember, newOrganization, newOrganizationKey, newPermission, uniqueSlug } from './lib/scene.mjs';
import { Server } from './lib/server.mjs';

const callers = 32;

let server;
let organization;

before(async () => {
  server = await Server.start();
  organization = await newOrganization(server.api);
});

after(() => server?.dispose());

const keysPath = () => `/organizations/${organization.id}/api_keys`;
const createdEvents = async (id) => (await all(server.api, '/events', { events: 'api_key.created' })).filter(({ data }) => data.id === id);
const inUnison = (call) => Promise.all(Array.from({ length: callers }, call));

function assertSame(answers) {
  for (const answer of answers) {
    assert.equal(answer.status, answers[0].status, answer.text);
    assert.deepEqual(answer.body, answers[0].body);
  }
}

describe('many callers at once', () => {
  test('32 concurrent creations with one idempotency key make one key with one value', async () => {
    const name = `Once ${randomUUID()}`;
    const idempotencyKey = randomUUID();
    const answers = await inUnison(() => server.api.call('POST', keysPath(), { name }, { idempotencyKey }));
    assert.equal(answers[0].status, 201, answers[0].text);
    assertSame(answers);
    const { id, value } = answers[0].body;
    const named = (await all(server.api, keysPath())).filter((key) => key.name === name);
    assert.deepEqual(
      named.map((key) => key.id),
      [id],
    );
    assert.equal((await createdEvents(id)).length, 1);
    assert.equal((await server.api.validate(value)).api_key.id, id);
  });

  test('32 concurrent rotations with one idempotency key make one new secret', async () => {
    const key = await newOrganizationKey(server.api, organization);
    const idempotencyKey = randomUUID();
    const answers = await inUnison(() => server.api.call('POST', `/api_keys/${key.id}/rotate`, { overlap_seconds: 0 }, { idempotencyKey }));
    assert.equal(answers[0].status, 200, answers[0].text);
    assertSame(answers);
    assert.notEqual(answers[0].body.value, key.value);
    assert.equal((await server.api.validate(answers[0].body.value)).decision.allow, true);
    assert.equal((await server.api.validate(key.value)).decision.allow, false);
    const rotations = (await all(server.api, '/events', { events: 'api_key.rotated' })).filter(({ data }) => data.id === key.id);
    assert.equal(rotations.length, 1);
  });

  test('32 concurrent creations with as many idempotency keys make as many keys', async () => {
    const answers = await inUnison(() => server.api.call('POST', keysPath(), { name: 'Many' }, { idempotencyKey: randomUUID() }));
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, callers);
    assert.equal(new Set(answers.map(({ body }) => body.value)).size, callers);
  });
});

describe('every call that creates', () => {
  const creations = [
    ['POST /organizations', async () => ['/organizations', { name: 'Once' }]],
    ['POST /user_management/users', async () => ['/user_management/users', { email: `${randomUUID()}@example.com` }]],
    [
      'POST /user_management/organization_memberships',
      async () => {
        const user = await server.api.post('/user_management/users', { email: `${randomUUID()}@example.com` });
        return ['/user_management/organization_memberships', { user_id: user.id, organization_id: organization.id }];
      },
    ],
    [
      'POST /user_management/users/{id}/api_keys',
      async () => {
        const { user } = await newMember(server.api, organization);
        return [`/user_management/users/${user.id}/api_keys`, { name: 'Once', organization_id: organization.id }];
      },
    ],
    ['POST /authorization/permissions', async () => ['/authorization/permissions', { slug: uniqueSlug('once'), name: 'Once' }]],
    ['POST /authorization/roles', async () => ['/authorization/roles', { slug: uniqueSlug('once'), name: 'Once' }]],
    ['POST /management_keys', async () => ['/management_keys', { name: 'Once', rights: ['keys:read'] }]],
    ['POST /environments', async () => ['/environments', { name: 'Once', key_prefix: `o${randomUUID().slice(0, 8)}` }]],
    [
      'POST /api_keys/imports',
      async () => [
        '/api_keys/imports',
        {
          scheme: { prefix: 'old_', length: 40, alphabet: 'hex' },
          api_keys: [
            {
              value_sha256: randomUUID().replaceAll('-', '').repeat(2),
              last_four: 'beef',
              owner: { type: 'organization', id: organization.id },
              name: 'Old',
            },
          ],
        },
      ],
    ],
  ];

  for (const [route, prepare] of creations) {
    test(`${route} repeated with its idempotency key gives the first answer and writes nothing more`, async () => {
      const [path, body] = await prepare();
      const idempotencyKey = randomUUID();
      const first = await server.api.call('POST', path, body, { idempotencyKey });
      assert.equal(first.status, 201, first.text);
      await settle(server.api);
      const events = (await all(server.api, '/events')).length;
      assertSame([first, await server.api.call('POST', path, body, { idempotencyKey })]);
      await settle(server.api);
      assert.equal((await all(server.api, '/events')).length, events);
    });
  }
});

describe('after a kill -9', () => {
  test('a retry gives the same key and the same value', async () => {
    const idempotencyKey = randomUUID();
    const create = () => server.api.call('POST', keysPath(), { name: 'Survivor' }, { idempotencyKey });
    const first = await create();
    await server.kill();
    await server.start();
    const retried = await create();
    assertSame([first, retried]);
    assert.equal((await server.api.validate(retried.body.value)).api_key.id, first.body.id);
    assert.equal((await createdEvents(first.body.id)).length, 1);
  });

  test('a retried rotation gives the same value', async () => {
    const key = await newOrganizationKey(server.api, organization);
    const idempotencyKey = randomUUID();
    const rotate = () => server.api.call('POST', `/api_keys/${key.id}/rotate`, {}, { idempotencyKey });
    const first = await rotate();
    await server.kill();
    await server.start();
    const retried = await rotate();
    assertSame([first, retried]);
    assert.equal((await server.api.get(`/api_keys/${key.id}`)).secrets.length, 2);
  });

  test('the value that a replay gives stands nowhere in the data directory', async () => {
    const { readdirSync, readFileSync } = await import('node:fs');
    const { join } = await import('node:path');
    const idempotencyKey = randomUUID();
    const { body } = await server.api.call('POST', keysPath(), { name: 'Sealed' }, { idempotencyKey });
    for (const entry of readdirSync(server.data, { recursive: true, withFileTypes: true }).filter((item) => item.isFile())) {
      const bytes = readFileSync(join(entry.parentPath ?? entry.path, entry.name));
      assert.ok(!bytes.includes(body.value), `${entry.name} holds the value`);
      assert.ok(!bytes.includes(body.value.slice(body.value.lastIndexOf('_') + 1)), `${entry.name} holds the value's random part`);
    }
  });
});

describe('what an idempotency key is bound to', () => {
  test('another body is refused with idempotency_key_reused', async () => {
    const idempotencyKey = randomUUID();
    const first = await server.api.call('POST', keysPath(), { name: 'First' }, { idempotencyKey });
    assert.equal(first.status, 201);
    const other = await server.api.call('POST', keysPath(), { name: 'Second' }, { idempotencyKey });
    assert.equal(other.status, 422);
    assert.equal(other.body.code, 'idempotency_key_reused');
    assertSame([first, await server.api.call('POST', keysPath(), { name: 'First' }, { idempotencyKey })]);
  });

  test('another path is another call', async () => {
    const idempotencyKey = randomUUID();
    const other = await newOrganization(server.api);
    const first = await newOrganizationKey(server.api, organization, { name: 'Same' }, { idempotencyKey });
    const second = await newOrganizationKey(server.api, other, { name: 'Same' }, { idempotencyKey });
    assert.notEqual(second.id, first.id);
  });

  test("another management key is another caller, and sees nothing of the first one's answer", async () => {
    const idempotencyKey = randomUUID();
    const { value } = await server.api.post('/management_keys', { name: 'Another', rights: ['keys:write'] });
    const first = await newOrganizationKey(server.api, organization, { name: 'Same' }, { idempotencyKey });
    const second = await newOrganizationKey(server.api.as(value), organization, { name: 'Same' }, { idempotencyKey });
    assert.notEqual(second.id, first.id);
    assert.notEqual(second.value, first.value);
  });

  test('a refusal is not kept: the call is made anew once it can be', async () => {
    const idempotencyKey = randomUUID();
    const slug = uniqueSlug('later');
    const create = () => server.api.call('POST', keysPath(), { name: 'Later', permissions: [slug] }, { idempotencyKey });
    assert.equal((await create()).status, 422);
    await newPermission(server.api, slug);
    assert.equal((await create()).status, 201);
  });

  test('a malformed idempotency key is refused', async () => {
    for (const idempotencyKey of ['x'.repeat(256), 'two words', 'caf\u00e9']) {
      const answer = await server.api.call('POST', keysPath(), { name: 'Never' }, { idempotencyKey });
      assert.equal(answer.status, 400, `${idempotencyKey}: ${answer.text}`);
    }
    const longest = await server.api.call('POST', keysPath(), { name: 'Longest' }, { idempotencyKey: 'x'.repeat(255) });
    assert.equal(longest.status, 201, longest.text);
  });
});

describe('what is never replayed', () => {
  test('a validation with a repeated idempotency key is null once the key is revoked', async () => {
    const key = await newOrganizationKey(server.api, organization);
    const idempotencyKey = randomUUID();
    const single = async () => (await server.api.post('/api_keys/validations', { value: key.value }, { idempotencyKey })).api_key;
    const batch = async () =>
      (await server.api.post('/api_keys/validations/batch', { validations: [{ value: key.value }] }, { idempotencyKey })).results[0]
        .api_key;
    assert.equal((await single()).id, key.id);
    assert.equal((await batch()).id, key.id);
    await server.api.post(`/api_keys/${key.id}/revoke`);
    assert.equal(await single(), null);
    assert.equal(await batch(), null);
  });
});
