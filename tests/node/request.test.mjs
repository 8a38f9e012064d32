// Bad requests around the body: headers, credentials, paths, methods and queries. As for bodies: a 4xx in the error shape, never a
// 5xx, and nothing is written.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { bodies, prepareThings } from './lib/bodies.mjs';
import { refuseAll } from './lib/refusals.mjs';
import { Server } from './lib/server.mjs';
import { eachOf } from './lib/until.mjs';
import { exchangeOnce, request } from './lib/wire.mjs';

const nobody = '0'.repeat(26);

let server;
let things;

before(async () => {
  server = await Server.start();
  things = await prepareThings(server.api);
});

after(() => server?.dispose());

const get = (path) => request('GET', path, { key: server.key });

describe('headers', () => {
  const post = (headers, body = '{"name":"Bad"}') =>
    request('POST', `/organizations/${things.organization}/api_keys`, { key: server.key, headers, body });
  const headOnly = (headers, body) =>
    Buffer.concat([
      request('POST', `/organizations/${things.organization}/api_keys`, {
        key: server.key,
        headers: { 'Content-Type': 'application/json', ...headers },
      }),
      Buffer.from(body),
    ]);

  test('a malformed idempotency key is refused with 400', () =>
    refuseAll(
      server,
      ['', 'two words', 'x'.repeat(256), 'caf\u00e9', '\u007f'].map((value) => ({
        label: value.slice(0, 20),
        bytes: post({ 'Idempotency-Key': value }),
        statuses: [400],
        mayBeEmpty: true,
      })),
    ));

  test('a person that is none, on whose behalf to act, is refused', () =>
    refuseAll(
      server,
      ['', 'nobody', 'org_01', `user_${nobody}`, 'x'.repeat(5000)].map((value) => ({
        label: value.slice(0, 20),
        bytes: post({ 'Warder-On-Behalf-Of': value }),
        statuses: [400, 422],
      })),
    ));

  test('headers that are too long or too many are refused with 431', () =>
    refuseAll(server, [
      { label: 'one of 64 KiB', bytes: post({ 'X-Long': 'x'.repeat(65_536) }), statuses: [431], mayBeEmpty: true },
      {
        label: '300',
        bytes: post(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`X-H${i}`, 'v']))),
        statuses: [431],
        mayBeEmpty: true,
      },
    ]));

  test('headers that break HTTP are refused with 400', () =>
    refuseAll(server, [
      { label: 'bytes that are no UTF-8', bytes: post({ 'X-Bytes': '\u00ff\u00fe' }), statuses: [400], mayBeEmpty: true },
      { label: 'a NUL', bytes: post({ 'X-Nul': 'a\u0000b' }), statuses: [400], mayBeEmpty: true },
      { label: 'a length that is none', bytes: headOnly({ 'Content-Length': 'many' }, '{}'), statuses: [400], mayBeEmpty: true },
      {
        label: 'a chunk size that is none',
        bytes: headOnly({ 'Transfer-Encoding': 'chunked' }, 'zz\r\n{}\r\n0\r\n\r\n'),
        statuses: [400],
        mayBeEmpty: true,
      },
    ]));
});

describe('credentials', () => {
  const credentials = () => [
    null,
    'Bearer',
    'Bearer ',
    `Basic ${Buffer.from('a:b').toString('base64')}`,
    'Bearer wdrm_x',
    `Bearer ${server.key}x`,
    `Bearer ${'x'.repeat(10_000)}`,
    `Bearer ${server.key} ${server.key}`,
    'Bearer \u00c3\u00a9',
    `Digest ${server.key}`,
    server.key,
  ];

  test('a request without a good management key is refused with 401 and a challenge, on every route and whatever its body', async () => {
    const attempts = credentials().flatMap((authorization) => bodies(things).map(([method, path]) => ({ authorization, method, path })));
    const wrong = [];
    await eachOf(attempts, 8, async ({ authorization, method, path }) => {
      const answer = await exchangeOnce(server.port, request(method, path, { body: '{"', headers: { Authorization: authorization } }));
      const challenged = answer?.status === 401 && /^Bearer/.test(answer.headers['www-authenticate'] ?? '');
      if (!challenged || typeof JSON.parse(answer.body).request_id !== 'string')
        wrong.push(
          `${method} ${path} ${authorization?.slice(0, 20)}: ${answer?.status} ${answer?.headers['www-authenticate']} ${answer?.body}`,
        );
    });
    assert.deepEqual(wrong, []);
  });

  test('two Authorization headers are refused', () =>
    refuseAll(server, [
      {
        label: 'twice',
        statuses: [400, 401],
        bytes: Buffer.from(
          `GET /organizations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.key}\r\nAuthorization: Bearer ${server.key}\r\n\r\n`,
        ),
      },
    ]));

  test('an API key has no rights over Warder', async () => {
    const { value } = await server.api.post(`/organizations/${things.organization}/api_keys`, { name: 'Customer' });
    assert.equal((await server.api.as(value).call('GET', '/organizations')).status, 401);
  });
});

describe('paths', () => {
  test('that lead nowhere are refused with 404', () =>
    refuseAll(
      server,
      [
        '/nowhere',
        '/api_keys/not-an-id',
        `/api_keys/api_key_${nobody}`,
        `/api_keys/api_key_${'z'.repeat(26)}`,
        `/organizations/${things.user}`,
        `/organizations/org_${nobody}/api_keys`,
        `/authorization/permissions/${'x'.repeat(200)}`,
        `/organizations/external_id/${'x'.repeat(129)}`,
        '/authorization/roles/Admin',
        '/management_keys/1',
        '/environments/0',
      ].map((path) => ({ label: path.slice(0, 60), bytes: get(path), statuses: [404] })),
    ));

  test('that are not clean are refused', () =>
    refuseAll(
      server,
      [
        '//organizations',
        '/organizations/../nowhere',
        '/api_keys/%2e%2e',
        '/api_keys/%F0%28',
        '/organizations/%E2%82',
        '/authorization/roles/%2F',
        '/api_keys/%00',
        '/organizations/%00/api_keys',
        '/%00',
        '/api_keys/%zz',
      ].map((path) => ({ label: path, bytes: get(path), statuses: [400, 404], mayBeEmpty: true })),
    ));

  test('that are too long are refused, and so are queries', () =>
    refuseAll(server, [
      { label: 'a path of 20 KB', bytes: get(`/organizations/${'x'.repeat(20_000)}`), statuses: [404, 414], mayBeEmpty: true },
      { label: 'a query of 20 KB', bytes: get(`/organizations?search=${'x'.repeat(20_000)}`), statuses: [414, 422], mayBeEmpty: true },
    ]));

  test('refuse with 405 a method that they do not have', () =>
    refuseAll(
      server,
      ['PUT', 'PATCH', 'DELETE', 'PROPFIND'].map((method) => ({
        label: method,
        bytes: request(method, '/api_keys', { key: server.key, body: '{}' }),
        statuses: [405],
      })),
    ));
});

describe('queries of lists', () => {
  const lists = () => [
    '/api_keys',
    '/organizations',
    '/user_management/users',
    '/user_management/organization_memberships',
    '/authorization/permissions',
    '/management_keys',
    '/environments',
    '/events',
    `/organizations/${things.organization}/api_keys`,
    `/user_management/users/${things.user}/api_keys`,
  ];
  const onEachList = (name, values, expected) =>
    lists()
      .filter((path) => !(path === '/events' && name === 'before'))
      .flatMap((path) =>
        values.map((value) => ({
          label: `${path}?${name}=${value.slice(0, 40)}`,
          bytes: get(`${path}?${name}=${value}`),
          statuses: [422],
          field: name,
          ...expected,
        })),
      );

  test('a limit that is none is refused and named', () =>
    refuseAll(
      server,
      onEachList('limit', ['0', '101', '-1', 'ten', '1.5', '1e1', '%20', '99999999999999999999', '%2B5', '0x10', '%D9%A5']),
    ));

  test('an order that is none is refused and named', () => refuseAll(server, onEachList('order', ['up', 'desc;', '1', 'asc,desc'])));

  const cursors = ['x', 'org_', `org_${'0'.repeat(25)}`, `org_${'z'.repeat(26)}`, `thing_${nobody}`, "';--", 'x'.repeat(500)];
  for (const way of ['after', 'before'])
    test(`a malformed cursor ${way} is refused as invalid_cursor`, () =>
      refuseAll(server, onEachList(way, cursors, { code: 'invalid_cursor' })));

  test('both cursors at once, or a parameter twice, are refused', () =>
    refuseAll(
      server,
      [`after=${things.organization}&before=${things.organization}`, 'limit=1&limit=2', 'order=asc&order=desc'].map((query) => ({
        label: query,
        bytes: get(`/organizations?${query}`),
        statuses: [422],
      })),
    ));

  test('a filter that is none is refused and named', () => {
    const filters = {
      '/api_keys': { status: ['dead'], expires_before: ['x', '2030-02-30T00:00:00Z'], unused_since: ['10000-01-01T00:00:00Z'] },
      '/user_management/organization_memberships': { statuses: ['active,dead'] },
      '/events': { range_start: ['x'], range_end: ['2030-02-30T00:00:00Z'] },
    };
    return refuseAll(
      server,
      Object.entries(filters).flatMap(([path, names]) =>
        Object.entries(names).flatMap(([name, values]) =>
          values.map((value) => ({
            label: `${path}?${name}=${value}`,
            bytes: get(`${path}?${name}=${value}`),
            statuses: [422],
            field: name,
          })),
        ),
      ),
    );
  });
});
