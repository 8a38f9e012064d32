// The official WorkOS SDK reports failures by its own exceptions.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { GenericServerException, NotFoundException, UnauthorizedException, UnprocessableEntityException } from '@workos-inc/node';
import { Sdk, rejection } from './lib/sdk.mjs';
import { Server } from './lib/server.mjs';

let sdk;
let workos;

before(async () => {
  sdk = new Sdk(await Server.start());
  workos = sdk.workos;
});

after(() => sdk?.server.dispose());

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
    const organization = await sdk.newOrganization();
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
    const permission = await sdk.newPermission();
    const role = await sdk.newRole();
    const { organization, user } = await sdk.newMember(role);
    const beyond = workos.userManagement.createUserApiKey(user.id, {
      name: 'Greedy',
      organizationId: organization.id,
      permissions: [permission],
    });
    assert.match((await rejection(beyond, UnprocessableEntityException)).message, /exceeds_owner/);
  });

  test("a wrong management key is an UnauthorizedException with the request's id", async () => {
    for (const key of ['sk_test_root', 'wdrm_' + '0'.repeat(36), `${sdk.server.key}x`]) {
      const error = await rejection(sdk.client(key).organizations.listOrganizations(), UnauthorizedException);
      assert.match(error.requestID, /^req_/);
    }
  });

  test('a missing right is refused with 403 and its code', async () => {
    const { value } = await sdk.server.api.post('/management_keys', { name: 'Validates', rights: ['keys:validate'] });
    const narrow = sdk.client(value);
    assert.deepEqual(await narrow.apiKeys.createValidation({ value: 'wdr_live_nothing' }), { apiKey: null });
    const error = await rejection(narrow.organizations.listOrganizations(), GenericServerException);
    assert.equal(error.status, 403);
    assert.equal(error.code, 'insufficient_rights');
  });
});

test('the SDK never had to retry: no answer was one of those that it tries again', () => sdk.assertNeverRetried());
