// The official WorkOS SDK, unmodified except for its base URL, issues, validates and ends API keys, and reads events.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { ConflictException, NotFoundException } from '@workos-inc/node';
import { Sdk, assertStamped, rejection, time } from './lib/sdk.mjs';
import { Server } from './lib/server.mjs';

const inADay = () => new Date(Date.now() + 86_400_000);

let sdk;
let workos;

before(async () => {
  sdk = new Sdk(await Server.start());
  workos = sdk.workos;
});

after(() => sdk?.server.dispose());

describe('API keys', () => {
  test('an organization key is created, validated, listed and deleted', async () => {
    const permission = await sdk.newPermission();
    const organization = await sdk.newOrganization();
    const created = await workos.apiKeys.createOrganizationApiKey({
      organizationId: organization.id,
      name: 'Production',
      permissions: [permission],
    });
    assertStamped(created);
    assert.match(created.id, /^api_key_[0-9A-HJKMNP-TV-Z]{26}$/);
    assert.match(created.value, /^wdr_live_[0-9A-Za-z]{36}$/);
    const { value, ...shown } = created;
    assert.equal(shown.obfuscatedValue, `wdr_live_...${value.slice(-4)}`);
    assert.deepEqual(shown.owner, { type: 'organization', id: organization.id });
    assert.deepEqual(shown.permissions, [permission]);
    assert.equal(shown.lastUsedAt, null);

    const { apiKey } = await workos.apiKeys.createValidation({ value });
    assert.deepEqual({ ...apiKey, lastUsedAt: null }, shown);

    const { data } = await workos.apiKeys.listOrganizationApiKeys({ organizationId: organization.id });
    assert.deepEqual(
      data.map((key) => ({ ...key, lastUsedAt: null })),
      [shown],
    );

    assert.equal(await workos.apiKeys.deleteApiKey(created.id), undefined);
    assert.deepEqual(await workos.apiKeys.createValidation({ value }), { apiKey: null });
    assert.deepEqual((await workos.apiKeys.listOrganizationApiKeys({ organizationId: organization.id })).data, []);
    await rejection(workos.apiKeys.deleteApiKey(created.id), NotFoundException);
  });

  test('a user key is created, validated, listed and deleted', async () => {
    const permission = await sdk.newPermission();
    const { organization, user } = await sdk.newMember();
    const options = { name: 'Laptop', organizationId: organization.id, permissions: [permission], expiresAt: inADay() };
    const created = await workos.userManagement.createUserApiKey(user.id, options);
    assertStamped(created);
    const { value, ...shown } = created;
    assert.deepEqual(shown.owner, { type: 'user', id: user.id, organizationId: organization.id });
    assert.equal(shown.expiresAt, options.expiresAt.toISOString());
    assert.deepEqual(shown.permissions, [permission]);

    const { expiresAt, ...validated } = shown;
    const { apiKey } = await workos.apiKeys.createValidation({ value });
    assert.deepEqual({ ...apiKey, lastUsedAt: null }, validated);

    const list = async (filter) =>
      (await workos.userManagement.listUserApiKeys(user.id, filter)).data.map((key) => ({ ...key, lastUsedAt: null }));
    assert.deepEqual(await list(), [shown]);
    assert.deepEqual(await list({ organizationId: organization.id }), [shown]);
    assert.deepEqual(await list({ organizationId: (await sdk.newOrganization()).id }), []);

    await workos.apiKeys.deleteApiKey(created.id);
    assert.deepEqual(await workos.apiKeys.createValidation({ value }), { apiKey: null });
    assert.deepEqual(await list(), []);
  });

  test('automatic pagination shows every key of an organization and of a user exactly once', async () => {
    const { organization, user } = await sdk.newMember();
    const count = 250;
    const made = { organization: new Set(), user: new Set() };
    for (let i = 0; i < count; i += 25) {
      await Promise.all(
        Array.from({ length: 25 }, async (_, j) => {
          const name = `Key ${i + j}`;
          made.organization.add((await workos.apiKeys.createOrganizationApiKey({ organizationId: organization.id, name })).id);
          made.user.add((await workos.userManagement.createUserApiKey(user.id, { name, organizationId: organization.id })).id);
        }),
      );
    }
    const seen = {
      organization: await (await workos.apiKeys.listOrganizationApiKeys({ organizationId: organization.id })).autoPagination(),
      user: await (await workos.userManagement.listUserApiKeys(user.id)).autoPagination(),
    };
    for (const owner of ['organization', 'user']) {
      assert.equal(seen[owner].length, count);
      assert.deepEqual(new Set(seen[owner].map((key) => key.id)), made[owner]);
    }
  });

  test('a key is expired by the raw call, now, in future and not at all', async () => {
    const organization = await sdk.newOrganization();
    const create = () => workos.apiKeys.createOrganizationApiKey({ organizationId: organization.id, name: 'Short' });
    const expire = async (key, body) => (await workos.post(`/api_keys/${key.id}/expire`, body)).data;
    const valid = async (key) => (await workos.apiKeys.createValidation({ value: key.value })).apiKey !== null;

    const scheduled = await create();
    const at = inADay().toISOString();
    assert.equal((await expire(scheduled, { expires_at: at })).expires_at, at);
    assert.equal(await valid(scheduled), true);
    assert.equal((await expire(scheduled, { expires_at: null })).expires_at, null);
    assert.equal(await valid(scheduled), true);

    for (const body of [{}, { expires_at: '2020-01-01T00:00:00.000Z' }]) {
      const now = await create();
      assert.equal((await expire(now, body)).status, 'expired');
      assert.equal(await valid(now), false);
      assert.equal((await rejection(expire(now, {}), ConflictException)).code, 'api_key_already_expired');
    }
  });

  test('a creation repeated with its idempotency key gives the same key and the same value', async () => {
    const { organization, user } = await sdk.newMember();
    const idempotency = { idempotencyKey: randomUUID() };
    const ofOrganization = () => workos.apiKeys.createOrganizationApiKey({ organizationId: organization.id, name: 'Once' }, idempotency);
    assert.deepEqual(await ofOrganization(), await ofOrganization());
    const ofUser = () => workos.userManagement.createUserApiKey(user.id, { name: 'Once', organizationId: organization.id }, idempotency);
    assert.deepEqual(await ofUser(), await ofUser());
  });

  test('the permissions in a validation shrink when the role of the owner is narrowed, the key untouched', async () => {
    const [read, write] = [await sdk.newPermission(), await sdk.newPermission()];
    const role = await sdk.newRole();
    await workos.authorization.setEnvironmentRolePermissions(role, { permissions: [read, write] });
    const { organization, user } = await sdk.newMember(role);
    const { value } = await workos.userManagement.createUserApiKey(user.id, {
      name: 'Agent',
      organizationId: organization.id,
      permissions: [read, write],
    });
    const effective = async () => (await workos.apiKeys.createValidation({ value })).apiKey.permissions;
    const granted = async () => (await workos.userManagement.listUserApiKeys(user.id)).data[0];

    assert.deepEqual(await effective(), [read, write]);
    const before = await granted();
    await workos.authorization.setEnvironmentRolePermissions(role, { permissions: [read] });
    assert.deepEqual(await effective(), [read]);
    const { lastUsedAt: _, ...after } = await granted();
    const { lastUsedAt: __, ...untouched } = before;
    assert.deepEqual(after, untouched);
    await workos.authorization.setEnvironmentRolePermissions(role, { permissions: [] });
    assert.deepEqual(await effective(), []);
    await workos.authorization.addEnvironmentRolePermission(role, { permissionSlug: write });
    assert.deepEqual(await effective(), [write]);
  });

  test('a user key is good for as long as its membership is', async () => {
    const { organization, user, membership } = await sdk.newMember();
    const { value } = await workos.userManagement.createUserApiKey(user.id, { name: 'Laptop', organizationId: organization.id });
    const valid = async () => (await workos.apiKeys.createValidation({ value })).apiKey !== null;
    assert.equal(await valid(), true);
    await workos.userManagement.deactivateOrganizationMembership(membership.id);
    assert.equal(await valid(), false);
    await workos.userManagement.reactivateOrganizationMembership(membership.id);
    assert.equal(await valid(), true);
    await workos.userManagement.deleteOrganizationMembership(membership.id);
    assert.equal(await valid(), false);
    await workos.userManagement.createOrganizationMembership({ organizationId: organization.id, userId: user.id });
    assert.equal(await valid(), false);
  });
});

describe('events', () => {
  test('events are listed by type and organization, in order, a page at a time', async () => {
    const rangeStart = new Date(Date.now() - 60_000).toISOString();
    const organization = await sdk.newOrganization();
    const keys = [];
    for (let i = 0; i < 3; i++)
      keys.push(await workos.apiKeys.createOrganizationApiKey({ organizationId: organization.id, name: `Key ${i}` }));
    await workos.apiKeys.deleteApiKey(keys[0].id);

    const filter = { events: ['api_key.created', 'api_key.revoked'], organizationId: organization.id, rangeStart };
    const { data, listMetadata } = await workos.events.listEvents(filter);
    assert.deepEqual(
      data.map(({ event, data: { id } }) => [event, id]),
      [...keys.map((key) => ['api_key.created', key.id]), ['api_key.revoked', keys[0].id]],
    );
    assert.equal(listMetadata.after, null);
    for (const event of data) {
      assert.match(event.id, /^event_/);
      assert.match(event.createdAt, time);
      assert.equal(event.context.actor.source, 'api');
      assert.match(event.context.actor.id, /^management_key_/);
      assert.equal(event.data.object, 'api_key');
      assert.deepEqual(event.data.owner, { type: 'organization', id: organization.id });
      assert.ok(!('value' in event.data));
    }

    const first = await workos.events.listEvents({ ...filter, limit: 2 });
    const second = await workos.events.listEvents({ ...filter, limit: 2, after: first.listMetadata.after });
    assert.deepEqual([...first.data, ...second.data], data);
    const backwards = await workos.events.listEvents({ ...filter, order: 'desc' });
    assert.deepEqual(backwards.data, data.toReversed());
    assert.deepEqual((await workos.events.listEvents({ ...filter, rangeEnd: rangeStart })).data, []);
  });

  test('every kind of event is read by the SDK', async () => {
    const permission = await sdk.newPermission();
    const role = await sdk.newRole();
    const { organization, user, membership } = await sdk.newMember(role);
    await workos.userManagement.updateUser({ userId: user.id, firstName: 'Grace' });
    await workos.organizations.updateOrganization({ organization: organization.id, name: 'Renamed' });
    await workos.userManagement.deactivateOrganizationMembership(membership.id);
    await workos.userManagement.deleteOrganizationMembership(membership.id);
    await workos.userManagement.deleteUser(user.id);
    await workos.organizations.deleteOrganization(organization.id);
    await workos.authorization.updatePermission(permission, { name: 'Other' });
    await workos.authorization.deletePermission(permission);

    const types = ['organization', 'user', 'organization_membership', 'permission'].flatMap((noun) =>
      ['created', 'updated', 'deleted'].map((verb) => `${noun}.${verb}`),
    );
    const subjects = new Set([organization.id, user.id, membership.id, permission]);
    const { data } = await workos.events.listEvents({ events: [...types, 'role.created'], limit: 50, order: 'desc' });
    const seen = new Set(data.filter((event) => subjects.has(event.data.id) || subjects.has(event.data.slug)).map(({ event }) => event));
    assert.deepEqual([...seen].toSorted(), types.toSorted());
    assert.ok(data.some(({ event, data: { slug } }) => event === 'role.created' && slug === role));
  });
});

test('the SDK never had to retry: no answer was one of those that it tries again', () => sdk.assertNeverRetried());
