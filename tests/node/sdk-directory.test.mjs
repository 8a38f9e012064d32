// The official WorkOS SDK, unmodified except for its base URL, drives the directory: permissions, roles, organizations, users and
// memberships.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { ConflictException, NotFoundException, UnprocessableEntityException } from '@workos-inc/node';
import { uniqueSlug } from './lib/scene.mjs';
import { Sdk, assertStamped, rejection } from './lib/sdk.mjs';
import { Server } from './lib/server.mjs';

const withoutUndefined = (item) => JSON.parse(JSON.stringify(item));

let sdk;
let workos;

before(async () => {
  sdk = new Sdk(await Server.start());
  workos = sdk.workos;
});

after(() => sdk?.server.dispose());

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
    const slug = await sdk.newPermission();
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
    const [first, second, third] = [await sdk.newPermission(), await sdk.newPermission(), await sdk.newPermission()];
    const slug = await sdk.newRole();
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
    const created = await sdk.newOrganization({ name: 'Acme', externalId, metadata: { plan: 'gold' } });
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

  test('an organization has the domains that it is given, and is found by them', async () => {
    const domain = `${randomUUID()}.example`;
    const created = await sdk.newOrganization({ domainData: [{ domain: domain.toUpperCase(), state: 'pending' }] });
    const [{ id, createdAt, updatedAt, ...shown }, ...others] = created.domains;
    assert.deepEqual(others, []);
    assert.match(id, /^org_domain_[0-9A-HJKMNP-TV-Z]{26}$/);
    assertStamped({ createdAt, updatedAt });
    const fields = { object: 'organization_domain', domain, organizationId: created.id, state: 'pending', verificationStrategy: 'manual' };
    assert.deepEqual(withoutUndefined(shown), fields);
    assert.deepEqual((await workos.organizations.listOrganizations({ domains: [domain, 'other.example'] })).data, [created]);
    assert.deepEqual((await workos.organizations.listOrganizations({ domains: ['other.example'] })).data, []);

    const verified = { organization: created.id, domainData: [{ domain, state: 'verified' }] };
    const updated = await workos.organizations.updateOrganization(verified);
    assert.deepEqual(updated.domains.map((item) => [item.id, item.state]), [[id, 'verified']]);
    await rejection(sdk.newOrganization({ domainData: [{ domain, state: 'pending' }] }), ConflictException);
  });

  test('a change of metadata is merged, null removes a pair, and an empty object removes all', async () => {
    const { id } = await sdk.newOrganization({ metadata: { a: '1', b: '2' } });
    const change = async (metadata) => (await workos.organizations.updateOrganization({ organization: id, metadata })).metadata;
    assert.deepEqual(await change({ b: '3' }), { a: '1', b: '3' });
    assert.deepEqual(await change({ a: null }), { b: '3' });
    assert.deepEqual(await change({}), {});
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
    assert.deepEqual(updated.metadata, {});

    assert.equal(await workos.userManagement.deleteUser(id), undefined);
    await rejection(workos.userManagement.getUser(id), NotFoundException);
  });

  test('a password, which WorkOS takes, is accepted and kept nowhere', async () => {
    const user = await sdk.newUser({ password: 'correct horse battery staple' });
    assert.doesNotMatch(JSON.stringify(await sdk.server.api.get(`/user_management/users/${user.id}`)), /correct horse/);
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
    const { id } = await sdk.newUser(options);
    assert.equal((await workos.userManagement.updateUser({ userId: id, name: 'Ada', locale: 'en', lastName: 'Byron' })).lastName, 'Byron');
  });

  test('users are listed by organization', async () => {
    const { organization, user } = await sdk.newMember();
    const { data } = await workos.userManagement.listUsers({ organizationId: organization.id });
    assert.deepEqual(
      data.map(({ id }) => id),
      [user.id],
    );
  });

  test('a taken e-mail is an UnprocessableEntityException with the code', async () => {
    const { email } = await sdk.newUser();
    const error = await rejection(sdk.newUser({ email }), UnprocessableEntityException);
    assert.match(error.message, /email_not_available/);
  });
});

describe('memberships', () => {
  test('a membership is created, read, listed, given another role, deactivated, reactivated and deleted', async () => {
    const role = await sdk.newRole();
    const { organization, user, membership } = await sdk.newMember();
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
    const [organization, user] = await Promise.all([sdk.newOrganization(), sdk.newUser()]);
    const fields = { organizationId: organization.id, userId: user.id, roleSlugs: ['admin'] };
    const { id, role } = await workos.userManagement.createOrganizationMembership(fields);
    assert.deepEqual(role, { slug: 'admin' });
    assert.deepEqual((await workos.userManagement.updateOrganizationMembership(id, { roleSlugs: ['member'] })).role, { slug: 'member' });
  });

  test('a second membership of the same person is a ConflictException', async () => {
    const { organization, user } = await sdk.newMember();
    const again = workos.userManagement.createOrganizationMembership({ organizationId: organization.id, userId: user.id });
    assert.equal((await rejection(again, ConflictException)).code, 'organization_membership_already_exists');
  });
});

test('the SDK never had to retry: no answer was one of those that it tries again', () => sdk.assertNeverRetried());
