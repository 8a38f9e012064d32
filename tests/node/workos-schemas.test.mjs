// Every answer and event of the routes that WorkOS has too is one of WorkOS' published description, but for the differences that
// docs/workos.md lists with their reasons. The transport compares each answer (lib/workos-schemas.mjs); this file calls every such route
// and makes every such event, so that a difference which is listed and no longer there is found too.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { WorkOS } from '@workos-inc/node';
import { newEnvironment, newMember, newOrganization, newPermission, newUser, uniqueSlug } from './lib/scene.mjs';
import { Server } from './lib/server.mjs';
import { compared, described, describedRoutes, listedDifferences, seen } from './lib/workos-schemas.mjs';

const documentation = readFileSync(new URL('../../docs/workos.md', import.meta.url), 'utf8');
const unknown = (prefix) => `${prefix}_${'0'.repeat(26)}`;

let server;
let api;

before(async () => {
  server = await Server.start();
  api = server.api;
});

after(() => server?.dispose());

/** Calls that succeed, on every route that WorkOS has too. */
async function succeed() {
  const permission = await newPermission(api);
  const roles = await roleCalls(permission);
  const organization = await newOrganization(api, { external_id: uniqueSlug('o'), metadata: { a: 'b' }, domains: [`${crypto.randomUUID()}.example`] });
  await api.put(`/organizations/${organization.id}`, { metadata: { a: null }, domain_data: [{ domain: 'b.example', state: 'verified' }] });
  await api.get(`/organizations/${organization.id}`);
  await api.get(`/organizations/external_id/${organization.external_id}`);
  await api.get('/organizations', { domains: 'b.example' });
  const user = await newUser(api, { external_id: uniqueSlug('u'), first_name: 'Ada', metadata: { a: 'b' } });
  await api.put(`/user_management/users/${user.id}`, { last_name: 'Lovelace', email_verified: true });
  await api.get(`/user_management/users/${user.id}`);
  await api.get(`/user_management/users/external_id/${user.external_id}`);
  await api.get('/user_management/users');
  const members = '/user_management/organization_memberships';
  const membership = await api.post(members, { user_id: user.id, organization_id: organization.id });
  await api.put(`${members}/${membership.id}`, { role_slug: 'admin' });
  await api.put(`${members}/${membership.id}/deactivate`);
  await api.put(`${members}/${membership.id}/reactivate`);
  await api.get(`${members}/${membership.id}`);
  await api.get(members, { user_id: user.id });
  await keyCalls(organization, user, permission);
  await api.get('/authorization/permissions');
  await api.get(`/authorization/permissions/${permission}`);
  await api.patch(`/authorization/permissions/${permission}`, { description: 'Reads' });
  await api.delete(`${members}/${membership.id}`);
  await api.delete(`/user_management/users/${user.id}`);
  await api.delete(`/organizations/${organization.id}`);
  await api.delete(`/authorization/roles/${roles}`);
  await api.delete(`/authorization/permissions/${permission}`);
}

async function roleCalls(permission) {
  const { slug } = await api.post('/authorization/roles', { slug: uniqueSlug('role'), name: 'Role', description: 'A role' });
  await api.post(`/authorization/roles/${slug}/permissions`, { slug: permission });
  await api.put(`/authorization/roles/${slug}/permissions`, { permissions: [permission] });
  await api.patch(`/authorization/roles/${slug}`, { name: 'Renamed' });
  await api.get(`/authorization/roles/${slug}`);
  await api.get('/authorization/roles');
  return slug;
}

async function keyCalls(organization, user, permission) {
  const ofOrganization = `/organizations/${organization.id}/api_keys`;
  const ofUser = `/user_management/users/${user.id}/api_keys`;
  for (const [path, fields] of [[ofOrganization, {}], [ofUser, { organization_id: organization.id }]]) {
    const key = await api.post(path, { name: 'Key', permissions: [permission], ...fields });
    await api.validate(key.value);
    await api.patch(`/api_keys/${key.id}`, { name: 'Renamed' });
    await api.post(`/api_keys/${key.id}/rotate`);
    await api.post(`/api_keys/${key.id}/suspend`);
    await api.post(`/api_keys/${key.id}/resume`);
    await api.post(`/api_keys/${key.id}/expire`, { expires_at: '2099-01-01T00:00:00.000Z' });
    await api.post(`/api_keys/${key.id}/expire`, {});
    await api.validate(key.value);
    await api.get(path);
    await api.delete(`/api_keys/${key.id}`);
  }
}

/** Calls that are refused in each way that a route has. */
async function beRefused() {
  const organization = await newOrganization(api, { external_id: uniqueSlug('o'), domains: ['taken.example'] });
  const { user, membership } = await newMember(api, organization);
  const permission = await newPermission(api);
  const role = await api.post('/authorization/roles', { slug: uniqueSlug('role'), name: 'Role' });
  const key = await api.post(`/organizations/${organization.id}/api_keys`, { name: 'Key' });
  const revoked = await api.post(`/organizations/${organization.id}/api_keys`, { name: 'Key' });
  await api.post(`/api_keys/${key.id}/expire`, {});
  await api.delete(`/api_keys/${revoked.id}`);
  const members = '/user_management/organization_memberships';
  const paths = {
    'POST /organizations': [{}, { name: 'n', external_id: organization.external_id }, { name: 'n', domains: ['taken.example'] }, { name: 'n', metadata: { a: 1 } }],
    [`PUT /organizations/${organization.id}`]: [{ name: '' }, { metadata: { a: 1 } }],
    [`PUT /organizations/${unknown('org')}`]: [{ name: 'n' }],
    [`GET /organizations/${unknown('org')}`]: [undefined],
    [`DELETE /organizations/${unknown('org')}`]: [undefined],
    'GET /organizations/external_id/never': [undefined],
    'GET /organizations?limit=0': [undefined],
    [`POST /organizations/${organization.id}/api_keys`]: [{}, { name: 'n', permissions: ['never:registered'] }],
    [`POST /organizations/${unknown('org')}/api_keys`]: [{ name: 'n' }],
    [`GET /organizations/${unknown('org')}/api_keys`]: [undefined],
    'POST /user_management/users': [{}, { email: user.email }, { email: 'a@example.com', metadata: { a: 1 } }],
    [`PUT /user_management/users/${user.id}`]: [{ email: '' }, { metadata: { a: 1 } }],
    [`PUT /user_management/users/${unknown('user')}`]: [{ first_name: 'n' }],
    [`GET /user_management/users/${unknown('user')}`]: [undefined],
    [`DELETE /user_management/users/${unknown('user')}`]: [undefined],
    'GET /user_management/users?limit=0': [undefined],
    [`POST /user_management/users/${user.id}/api_keys`]: [{}, { name: 'n', organization_id: unknown('org') }],
    [`POST /user_management/users/${unknown('user')}/api_keys`]: [{ name: 'n', organization_id: organization.id }],
    [`GET /user_management/users/${unknown('user')}/api_keys`]: [undefined],
    [`POST ${members}`]: [{}, { user_id: user.id, organization_id: organization.id }, { user_id: user.id, organization_id: organization.id, role_slug: 'never' }],
    [`PUT ${members}/${membership.id}`]: [{ role_slug: 'never' }, {}],
    [`PUT ${members}/${unknown('om')}`]: [{ role_slug: 'admin' }],
    [`PUT ${members}/${unknown('om')}/deactivate`]: [{}],
    [`PUT ${members}/${unknown('om')}/reactivate`]: [{}],
    [`GET ${members}/${unknown('om')}`]: [undefined],
    [`DELETE ${members}/${unknown('om')}`]: [undefined],
    [`GET ${members}?limit=0`]: [undefined],
    'POST /api_keys/validations': [{}],
    [`POST /api_keys/${key.id}/expire`]: [{}, { expires_at: 'never' }],
    [`POST /api_keys/${unknown('api_key')}/expire`]: [{}],
    [`DELETE /api_keys/${revoked.id}`]: [undefined],
    'POST /authorization/permissions': [{}, { slug: permission, name: 'n' }],
    [`PATCH /authorization/permissions/${permission}`]: [{ name: '' }],
    'PATCH /authorization/permissions/never': [{ name: 'n' }],
    'GET /authorization/permissions/never': [undefined],
    'DELETE /authorization/permissions/never': [undefined],
    'POST /authorization/roles': [{}, { slug: role.slug, name: 'n' }],
    [`PATCH /authorization/roles/${role.slug}`]: [{ name: '' }],
    'PATCH /authorization/roles/never': [{ name: 'n' }],
    'GET /authorization/roles/never': [undefined],
    [`PUT /authorization/roles/${role.slug}/permissions`]: [{}, { permissions: ['never:registered'] }],
    [`POST /authorization/roles/${role.slug}/permissions`]: [{}, { slug: 'never:registered' }],
    'GET /events?limit=0': [undefined],
  };
  for (const [route, bodies] of Object.entries(paths)) {
    const [method, path] = route.split(' ');
    for (const body of bodies) assert.ok((await api.call(method, path, body)).status >= 400, `${route} ${JSON.stringify(body)}`);
    await api.as('wdrm_nothing').call(method, path, bodies[0]);
    if (bodies[0] !== undefined) await api.call(method, path, undefined, { text: '{' });
  }
}

test('every answer and event is one that WorkOS describes, but for the listed differences', { skip: !described }, async () => {
  await succeed();
  await beRefused();
  for (let after; after !== null; ) after = (await api.get('/events', { limit: 100, after })).list_metadata.after;
  const { user } = await newMember(api, await newOrganization(api));
  await api.delete(`/user_management/users/${user.id}`);
  await api.post(`/user_management/users/${user.id}/erase`);
  for (let after; after !== null; ) after = (await api.get('/events', { limit: 100, after })).list_metadata.after;
  const listed = listedDifferences();
  assert.deepEqual([...listed].filter((difference) => !seen.has(difference)), [], 'listed in docs/workos.md, and no longer there');
});

test('every route that WorkOS has too was compared', { skip: !described }, async () => {
  const { paths } = await api.get('/openapi.json');
  const ours = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`),
  );
  const both = describedRoutes().filter((route) => ours.includes(route));
  assert.ok(both.length > 35, `${both.length}`);
  assert.deepEqual(both.filter((route) => ![...compared].some((each) => each.startsWith(`${route} 2`))), []);
});

test('the table of calls names every call of the SDK once', () => {
  const calls = Object.entries(methodsOf(new WorkOS('sk_test'))).flatMap(([name, methods]) => methods.map((method) => `${name}.${method}`));
  const named = [...documentation.matchAll(/^\| `(\w+)\.` \| (.*?) \|/gm)].flatMap(([, name, methods]) =>
    [...methods.matchAll(/`(\w+)`/g)].map((method) => `${name}.${method[1]}`),
  );
  assert.ok(calls.length > 200, `${calls.length}`);
  assert.deepEqual(named.toSorted(), calls.toSorted());
});

/** The calls of each part of the SDK's client. */
function methodsOf(client) {
  const parts = {};
  for (const name of [...Object.getOwnPropertyNames(client), ...Object.getOwnPropertyNames(Object.getPrototypeOf(client))]) {
    const part = client[name];
    if (typeof part !== 'object' || part === null || part.constructor === Object || name === 'client') continue;
    const methods = new Set();
    for (let type = Object.getPrototypeOf(part); type !== Object.prototype; type = Object.getPrototypeOf(type))
      Object.getOwnPropertyNames(type).forEach((method) => typeof part[method] === 'function' && method !== 'constructor' && methods.add(method));
    parts[name] = [...methods];
  }
  return parts;
}
