// The official WorkOS SDK, unmodified but for its base URL, drives a running server.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  ConflictException,
  GenericServerException,
  NotFoundException,
  UnauthorizedException,
  UnprocessableEntityException,
  WorkOS,
} from '@workos-inc/node';
import { Server } from './lib/server.mjs';
import { uniqueSlug } from './lib/scene.mjs';

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const inADay = () => new Date(Date.now() + 86_400_000);

let server;
let workos;
const sent = [];

/** An SDK client that notes each request, so that a retry, which the SDK hides, is seen. */
function client(key = server.key) {
  const fetchFn = async (url, init) => {
    const response = await fetch(url, init);
    sent.push({ method: init.method, path: new URL(url).pathname, status: response.status });
    return response;
  };
  return new WorkOS(key, { apiHostname: '127.0.0.1', port: server.port, https: false, fetchFn });
}

before(async () => {
  server = await Server.start();
  workos = client();
});

after(() => server?.dispose());

const newOrganization = (fields = {}) => workos.organizations.createOrganization({ name: `Organization ${randomUUID()}`, ...fields });
const newUser = (fields = {}) => workos.userManagement.createUser({ email: `${randomUUID()}@example.com`, ...fields });

async function newPermission(slug = uniqueSlug('posts')) {
  return (await workos.authorization.createPermission({ slug, name: slug })).slug;
}

async function newMember(roleSlug) {
  const [organization, user] = await Promise.all([newOrganization(), newUser()]);
  const membership = await workos.userManagement.createOrganizationMembership({
    organizationId: organization.id,
    userId: user.id,
    roleSlug,
  });
  return { organization, user, membership };
}

async function rejection(promise, type) {
  const error = await promise.then(
    () => assert.fail(`expected ${type.name}`),
    (thrown) => thrown,
  );
  assert.ok(error instanceof type, `${error?.name}: ${error?.message} is no ${type.name}`);
  return error;
}

function assertStamped(item) {
  assert.match(item.createdAt, time);
  assert.match(item.updatedAt, time);
}

describe('permissions', () => {
  test('a permission is created, read, listed, renamed and deleted', async () => {
    const slug = uniqueSlug('posts');
    const created = await workos.authorization.createPermission({ slug, name: 'Read posts', description: 'May read posts' });
    assertStamped(created);
    assert.match(created.id, /^perm_[0-9A-HJKMNP-TV-Z]{26}$/);
    const { id, createdAt, updatedAt } = created;
    const expected = {
      object: 'permission',
      id,
      slug,
      name: 'Read posts',
      description: 'May read posts',
      resourceTypeSlug: 'organization',
      system: false,
      createdAt,
      updatedAt,
    };
    assert.deepEqual(created, expected);
    assert.deepEqual(await workos.authorization.getPermission(slug), expected);

    const listed = await (await workos.authorization.listPermissions()).autoPagination();
    assert.deepEqual(
      listed.find((permission) => permission.slug === slug),
      expected,
    );

    const updated = await workos.authorization.updatePermission(slug, { name: 'Read all posts' });
    assert.equal(updated.name, 'Read all posts');
    assert.equal(updated.description, 'May read posts');

    assert.equal(await workos.authorization.deletePermission(slug), undefined);
    await rejection(workos.authorization.getPermission(slug), NotFoundException);
  });

  test('a taken slug is a ConflictException with its code', async () => {
    const slug = await newPermission();
    const error = await rejection(workos.authorization.createPermission({ slug, name: 'Again' }), ConflictException);
    assert.equal(error.code, 'permission_slug_conflict');
    assert.match(error.requestID, /^req_/);
  });
});

describe('roles', () => {
  test('a role is created empty, read, listed and renamed', async () => {
    const slug = uniqueSlug('role');
    const created = await workos.authorization.createEnvironmentRole({ slug, name: 'Editor', description: 'Edits' });
    assertStamped(created);
    const { id, createdAt, updatedAt } = created;
    const expected = {
      object: 'role',
      id,
      slug,
      name: 'Editor',
      description: 'Edits',
      permissions: [],
      resourceTypeSlug: 'organization',
      type: 'EnvironmentRole',
      createdAt,
      updatedAt,
    };
    assert.deepEqual(created, expected);
    assert.deepEqual(await workos.authorization.getEnvironmentRole(slug), expected);

    const roles = (await workos.authorization.listEnvironmentRoles()).data;
    assert.deepEqual(
      roles.find((role) => role.slug === slug),
      expected,
    );
    assert.ok(['admin', 'member'].every((builtIn) => roles.some((role) => role.slug === builtIn)));

    const updated = await workos.authorization.updateEnvironmentRole(slug, { name: 'Author', description: 'Writes' });
    assert.equal(updated.name, 'Author');
    assert.equal(updated.description, 'Writes');
  });

  test('permissions of a role are replaced and added to', async () => {
    const [first, second, third] = [await newPermission(), await newPermission(), await newPermission()];
    const slug = uniqueSlug('role');
    await workos.authorization.createEnvironmentRole({ slug, name: slug });
    const set = await workos.authorization.setEnvironmentRolePermissions(slug, { permissions: [first, second] });
    assert.deepEqual(set.permissions.toSorted(), [first, second].toSorted());
    const added = await workos.authorization.addEnvironmentRolePermission(slug, { permissionSlug: third });
    assert.deepEqual(added.permissions.toSorted(), [first, second, third].toSorted());
    assert.deepEqual((await workos.authorization.setEnvironmentRolePermissions(slug, { permissions: [] })).permissions, []);
  });
});

describe('organizations', () => {
  test('an organization is created, read by both ids, listed, updated and deleted', async () => {
    const externalId = randomUUID();
    const created = await newOrganization({ name: 'Acme', externalId, metadata: { plan: 'gold' } });
    assertStamped(created);
    assert.match(created.id, /^org_[0-9A-HJKMNP-TV-Z]{26}$/);
    const { id, createdAt, updatedAt } = created;
    const expected = {
      object: 'organization',
      id,
      name: 'Acme',
      allowProfilesOutsideOrganization: false,
      domains: [],
      createdAt,
      updatedAt,
      externalId,
      metadata: { plan: 'gold' },
    };
    assert.deepEqual(created, expected);
    assert.deepEqual(await workos.organizations.getOrganization(id), expected);
    assert.deepEqual(await workos.organizations.getOrganizationByExternalId(externalId), expected);

    const listed = await (await workos.organizations.listOrganizations()).autoPagination();
    assert.deepEqual(
      listed.find((organization) => organization.id === id),
      expected,
    );

    const updated = await workos.organizations.updateOrganization({ organization: id, name: 'Acme Inc.', metadata: { plan: 'silver' } });
    assert.equal(updated.name, 'Acme Inc.');
    assert.deepEqual(updated.metadata, { plan: 'silver' });
    assert.equal(updated.externalId, externalId);

    assert.equal(await workos.organizations.deleteOrganization(id), undefined);
    await rejection(workos.organizations.getOrganization(id), NotFoundException);
    await rejection(workos.organizations.getOrganizationByExternalId(externalId), NotFoundException);
  });

  test('domain data, which WorkOS takes, is accepted', async () => {
    const created = await newOrganization({ domainData: [{ domain: 'example.com', state: 'pending' }] });
    assert.deepEqual(created.domains, []);
  });

  test('a creation with the same idempotency key gives the same organization', async () => {
    const options = { idempotencyKey: randomUUID() };
    const first = await workos.organizations.createOrganization({ name: 'Once' }, options);
    const second = await workos.organizations.createOrganization({ name: 'Once' }, options);
    assert.deepEqual(second, first);
  });
});

describe('users', () => {
  test('a user is created, read by both ids, listed by e-mail, updated and deleted', async () => {
    const externalId = randomUUID();
    const email = `${randomUUID()}@example.com`;
    const fields = { email, firstName: 'Ada', lastName: 'Lovelace', emailVerified: true, externalId, metadata: { team: 'engines' } };
    const created = await workos.userManagement.createUser(fields);
    assertStamped(created);
    assert.match(created.id, /^user_[0-9A-HJKMNP-TV-Z]{26}$/);
    const { id, createdAt, updatedAt } = created;
    const expected = {
      object: 'user',
      id,
      ...fields,
      name: created.name,
      profilePictureUrl: null,
      lastSignInAt: null,
      locale: null,
      createdAt,
      updatedAt,
    };
    assert.deepEqual(created, expected);
    assert.deepEqual(await workos.userManagement.getUser(id), expected);
    assert.deepEqual(await workos.userManagement.getUserByExternalId(externalId), expected);
    assert.deepEqual((await workos.userManagement.listUsers({ email })).data, [expected]);

    const updated = await workos.userManagement.updateUser({ userId: id, firstName: 'Augusta', metadata: {} });
    assert.equal(updated.firstName, 'Augusta');
    assert.equal(updated.lastName, 'Lovelace');

    assert.equal(await workos.userManagement.deleteUser(id), undefined);
    await rejection(workos.userManagement.getUser(id), NotFoundException);
  });

  test('a password, which WorkOS takes, is accepted and kept nowhere', async () => {
    const user = await newUser({ password: 'correct horse battery staple' });
    assert.doesNotMatch(JSON.stringify(await server.api.get(`/user_management/users/${user.id}`)), /correct horse/);
  });

  test('every option that the SDK has for a user is accepted', async () => {
    const options = {
      name: 'Ada Lovelace',
      ipAddress: '10.0.0.7',
      userAgent: 'browser',
      signalsId: 'signals_1',
      passwordHash: '$2b$10$x',
      passwordHashType: 'bcrypt',
    };
    const { id } = await newUser(options);
    assert.equal((await workos.userManagement.updateUser({ userId: id, name: 'Ada', locale: 'en', lastName: 'Byron' })).lastName, 'Byron');
  });

  test('users are listed by organization', async () => {
    const { organization, user } = await newMember();
    const { data } = await workos.userManagement.listUsers({ organizationId: organization.id });
    assert.deepEqual(
      data.map(({ id }) => id),
      [user.id],
    );
  });

  test('a taken e-mail is an UnprocessableEntityException that tells the code', async () => {
    const { email } = await newUser();
    const error = await rejection(newUser({ email }), UnprocessableEntityException);
    assert.match(error.message, /email_not_available/);
  });
});

describe('memberships', () => {
  test('a membership is created, read, listed, given another role, deactivated, reactivated and deleted', async () => {
    const role = uniqueSlug('role');
    await workos.authorization.createEnvironmentRole({ slug: role, name: role });
    const { organization, user, membership } = await newMember();
    assertStamped(membership);
    assert.match(membership.id, /^om_[0-9A-HJKMNP-TV-Z]{26}$/);
    const { id, createdAt, updatedAt } = membership;
    const expected = {
      object: 'organization_membership',
      id,
      userId: user.id,
      organizationId: organization.id,
      organizationName: organization.name,
      status: 'active',
      directoryManaged: false,
      createdAt,
      updatedAt,
      role: { slug: 'member' },
      roles: [{ slug: 'member' }],
      customAttributes: {},
    };
    assert.deepEqual(membership, expected);
    assert.deepEqual(await workos.userManagement.getOrganizationMembership(id), expected);

    const list = async (filter) => (await workos.userManagement.listOrganizationMemberships(filter)).data.map((item) => item.id);
    assert.deepEqual(await list({ organizationId: organization.id }), [id]);
    assert.deepEqual(await list({ userId: user.id, statuses: ['active'] }), [id]);
    assert.deepEqual(await list({ userId: user.id, statuses: ['inactive', 'pending'] }), []);

    const promoted = await workos.userManagement.updateOrganizationMembership(id, { roleSlug: role });
    assert.deepEqual(promoted.role, { slug: role });
    assert.deepEqual(promoted.roles, [{ slug: role }]);

    assert.equal((await workos.userManagement.deactivateOrganizationMembership(id)).status, 'inactive');
    assert.deepEqual(await list({ userId: user.id, statuses: ['inactive'] }), [id]);
    assert.equal((await workos.userManagement.reactivateOrganizationMembership(id)).status, 'active');

    assert.equal(await workos.userManagement.deleteOrganizationMembership(id), undefined);
    await rejection(workos.userManagement.getOrganizationMembership(id), NotFoundException);
  });

  test("a role given as the SDK's list of roles is the role that is given", async () => {
    const [organization, user] = await Promise.all([newOrganization(), newUser()]);
    const fields = { organizationId: organization.id, userId: user.id, roleSlugs: ['admin'] };
    const { id, role } = await workos.userManagement.createOrganizationMembership(fields);
    assert.deepEqual(role, { slug: 'admin' });
    assert.deepEqual((await workos.userManagement.updateOrganizationMembership(id, { roleSlugs: ['member'] })).role, { slug: 'member' });
  });

  test('a second membership of the same person is a ConflictException', async () => {
    const { organization, user } = await newMember();
    const again = workos.userManagement.createOrganizationMembership({ organizationId: organization.id, userId: user.id });
    assert.equal((await rejection(again, ConflictException)).code, 'organization_membership_already_exists');
  });
});

describe('API keys', () => {
  test('an organization key is created, validated, listed and deleted', async () => {
    const permission = await newPermission();
    const organization = await newOrganization();
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
    const permission = await newPermission();
    const { organization, user } = await newMember();
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
    assert.deepEqual(await list({ organizationId: (await newOrganization()).id }), []);

    await workos.apiKeys.deleteApiKey(created.id);
    assert.deepEqual(await workos.apiKeys.createValidation({ value }), { apiKey: null });
    assert.deepEqual(await list(), []);
  });

  test('automatic pagination shows every key of an organization and of a user exactly once', async () => {
    const { organization, user } = await newMember();
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
    const organization = await newOrganization();
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
    const { organization, user } = await newMember();
    const idempotency = { idempotencyKey: randomUUID() };
    const ofOrganization = () => workos.apiKeys.createOrganizationApiKey({ organizationId: organization.id, name: 'Once' }, idempotency);
    assert.deepEqual(await ofOrganization(), await ofOrganization());
    const ofUser = () => workos.userManagement.createUserApiKey(user.id, { name: 'Once', organizationId: organization.id }, idempotency);
    assert.deepEqual(await ofUser(), await ofUser());
  });

  test('the permissions in a validation shrink when the role of the owner is narrowed, the key untouched', async () => {
    const [read, write] = [await newPermission(), await newPermission()];
    const role = uniqueSlug('role');
    await workos.authorization.createEnvironmentRole({ slug: role, name: role });
    await workos.authorization.setEnvironmentRolePermissions(role, { permissions: [read, write] });
    const { organization, user } = await newMember(role);
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
    const { organization, user, membership } = await newMember();
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
    const organization = await newOrganization();
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
    const permission = await newPermission();
    const role = uniqueSlug('role');
    await workos.authorization.createEnvironmentRole({ slug: role, name: role });
    const { organization, user, membership } = await newMember(role);
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

describe("errors are the SDK's own exceptions", () => {
  const unknown = (prefix) => `${prefix}_${'0'.repeat(26)}`;

  test("what is not there is a NotFoundException with the request's id", async () => {
    const calls = [
      () => workos.organizations.getOrganization(unknown('org')),
      () => workos.userManagement.getUser(unknown('user')),
      () => workos.userManagement.getOrganizationMembership(unknown('om')),
      () => workos.authorization.getEnvironmentRole('nowhere'),
      () => workos.apiKeys.deleteApiKey(unknown('api_key')),
      () => workos.apiKeys.listOrganizationApiKeys({ organizationId: unknown('org') }),
      () => workos.userManagement.listUserApiKeys(unknown('user')),
      () => workos.apiKeys.createOrganizationApiKey({ organizationId: unknown('org'), name: 'Nobody' }),
    ];
    for (const call of calls) {
      const error = await rejection(call(), NotFoundException);
      assert.equal(error.code, 'entity_not_found');
      assert.match(error.requestID, /^req_/);
    }
  });

  test("what cannot be is an UnprocessableEntityException that lists each field's code", async () => {
    const organization = await newOrganization();
    const shapeless = workos.apiKeys.createOrganizationApiKey({ organizationId: organization.id, name: '', permissions: ['x'.repeat(49)] });
    const error = await rejection(shapeless, UnprocessableEntityException);
    assert.match(error.requestID, /^req_/);
    assert.match(error.message, /^The following requirements must be met:/);
    assert.match(error.message, /required/);
    assert.match(error.message, /too_long/);
    const unknown = workos.apiKeys.createOrganizationApiKey({
      organizationId: organization.id,
      name: 'Key',
      permissions: ['never:registered'],
    });
    assert.match((await rejection(unknown, UnprocessableEntityException)).message, /unknown_permission/);
  });

  test('a key that would exceed its owner is an UnprocessableEntityException', async () => {
    const permission = await newPermission();
    const role = uniqueSlug('role');
    await workos.authorization.createEnvironmentRole({ slug: role, name: role });
    const { organization, user } = await newMember(role);
    const beyond = workos.userManagement.createUserApiKey(user.id, {
      name: 'Greedy',
      organizationId: organization.id,
      permissions: [permission],
    });
    assert.match((await rejection(beyond, UnprocessableEntityException)).message, /exceeds_owner/);
  });

  test("a wrong management key is an UnauthorizedException with the request's id", async () => {
    for (const key of ['sk_test_root', 'wdrm_' + '0'.repeat(36), `${server.key}x`]) {
      const error = await rejection(client(key).organizations.listOrganizations(), UnauthorizedException);
      assert.match(error.requestID, /^req_/);
    }
  });

  test('a missing right is refused with 403 and its code', async () => {
    const { value } = await server.api.post('/management_keys', { name: 'Validates', rights: ['keys:validate'] });
    const narrow = client(value);
    assert.deepEqual(await narrow.apiKeys.createValidation({ value: 'wdr_live_nothing' }), { apiKey: null });
    const error = await rejection(narrow.organizations.listOrganizations(), GenericServerException);
    assert.equal(error.status, 403);
    assert.equal(error.code, 'insufficient_rights');
  });
});

test('the SDK never had to retry: no answer was one of those that it tries again', () => {
  assert.ok(sent.length > 100);
  assert.deepEqual(
    sent.filter(({ status }) => status === 408 || status === 429 || status >= 500),
    [],
  );
});
