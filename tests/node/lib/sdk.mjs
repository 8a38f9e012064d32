// The official WorkOS SDK against a running server: the common parts of its tests.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { WorkOS } from '@workos-inc/node';
import { uniqueSlug } from './scene.mjs';
import { compare } from './workos-schemas.mjs';

/** Statuses on which the SDK retries silently. */
const retried = new Set([408, 429, 500, 502, 503, 504]);

export const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A server's SDK client, unmodified except for its base URL, with the resources that a test needs to begin with. */
export class Sdk {
  sent = [];

  constructor(server) {
    this.server = server;
    this.workos = this.client();
  }

  /** Another client, which may have another management key. Each notes the status of every answer. */
  client(key = this.server.key) {
    const fetchFn = async (url, init) => {
      const response = await fetch(url, init);
      const { pathname, search } = new URL(url);
      const text = await response.clone().text();
      compare({ method: init.method, path: pathname + search, status: response.status, body: text ? JSON.parse(text) : null });
      this.sent.push({ method: init.method, path: pathname, status: response.status });
      return response;
    };
    return new WorkOS(key, { apiHostname: '127.0.0.1', port: this.server.port, https: false, fetchFn });
  }

  newOrganization(fields = {}) {
    return this.workos.organizations.createOrganization({ name: `Organization ${randomUUID()}`, ...fields });
  }

  newUser(fields = {}) {
    return this.workos.userManagement.createUser({ email: `${randomUUID()}@example.com`, ...fields });
  }

  async newPermission(slug = uniqueSlug('posts')) {
    return (await this.workos.authorization.createPermission({ slug, name: slug })).slug;
  }

  /** A role, empty as it begins. */
  async newRole(slug = uniqueSlug('role')) {
    return (await this.workos.authorization.createEnvironmentRole({ slug, name: slug })).slug;
  }

  async newMember(roleSlug) {
    const [organization, user] = await Promise.all([this.newOrganization(), this.newUser()]);
    const fields = { organizationId: organization.id, userId: user.id, roleSlug };
    return { organization, user, membership: await this.workos.userManagement.createOrganizationMembership(fields) };
  }

  assertNeverRetried() {
    assert.ok(this.sent.length > 0);
    assert.deepEqual(
      this.sent.filter(({ status }) => retried.has(status)),
      [],
    );
  }
}

export async function rejection(promise, type) {
  const error = await promise.then(
    () => assert.fail(`expected ${type.name}`),
    (thrown) => thrown,
  );
  assert.ok(error instanceof type, `${error?.name}: ${error?.message} is no ${type.name}`);
  return error;
}

export function assertStamped(item) {
  assert.match(item.createdAt, time);
  assert.match(item.updatedAt, time);
}
