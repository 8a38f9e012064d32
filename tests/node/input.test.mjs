// Bad bodies, over raw sockets, on every route that takes one: always an answer of the 4xx kind in the error shape, naming the
// field at fault; never a 5xx; and nothing is written.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { badValuesOf, bodies, prepareThings } from './lib/bodies.mjs';
import { refuseAll } from './lib/refusals.mjs';
import { Server } from './lib/server.mjs';
import { exchangeOnce, request } from './lib/wire.mjs';

const mebibyte = 1 << 20;

let server;
let things;
let routes;

before(async () => {
  server = await Server.start();
  things = await prepareThings(server.api);
  routes = bodies(things);
});

after(() => server?.dispose());

const withBody = (method, path, body, headers = {}) => request(method, path, { key: server.key, body, headers });
const nested = (depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** The good body with one member replaced by any JSON text. */
function withMember(good, name, json) {
  const others = Object.entries(good)
    .filter(([member]) => member !== name)
    .map(([member, value]) => `"${member}":${JSON.stringify(value)}`);
  return `{${[...others, `"${name}":${json}`].join(',')}}`;
}

/** Cases for each route: `make` gives {label, body, headers?, …} for a route's {method, path, good, fields}. */
function onEachRoute(make) {
  return routes.flatMap(([method, path, good, fields]) =>
    make({ good: good(), fields }).map(({ label, body, headers, ...expected }) => ({
      label: `${method} ${path} ${label}`,
      bytes: withBody(method, path, body, headers),
      ...expected,
    })),
  );
}

/** Cases for each field of each route. */
function onEachField(types, make) {
  return onEachRoute(({ good, fields }) =>
    Object.entries(fields)
      .filter(([, field]) => types === null || types.includes(field.type))
      .flatMap(([name, field]) => make(name, field, good).map((bad) => ({ field: name, ...bad }))),
  );
}

describe('a body that is no JSON', () => {
  const texts = {
    'cut off': '{"name":"B',
    'with a trailing comma': '{"name":"Bad",}',
    'with a comment': '{"name":"Bad"/* why */}',
    'in single quotes': "{'name':'Bad'}",
    'with NaN': '{"name":NaN}',
    'two values': '{"name":"Bad"} {}',
    'white space': '  \n',
    'with a bare word': '{name:"Bad"}',
    'with a raw line feed in a text': '{"name":"B\nd"}',
    'with an escape that is none': '{"name":"\\x41"}',
    'with leading zeros': '{"name":007}',
  };
  const brokenUtf8 = {
    'a byte that is never used': [0xff],
    'a cut sequence': [0xe2, 0x82],
    'a wrong continuation': [0xc3, 0x28],
    'an encoded surrogate': [0xed, 0xa0, 0x80],
    'beyond U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
    'an overlong NUL': [0xc0, 0x80],
  };

  test('is refused with 400', () =>
    refuseAll(
      server,
      onEachRoute(() => Object.entries(texts).map(([label, body]) => ({ label, body, statuses: [400] }))),
    ));

  test('is refused with 400 where its bytes are no UTF-8', () =>
    refuseAll(
      server,
      onEachRoute(({ good }) =>
        Object.entries(brokenUtf8).map(([label, bytes]) => {
          const [start, end] = withMember(good, Object.keys(good)[0], '"@@"').split('@@');
          return { label, body: Buffer.concat([Buffer.from(start), Buffer.from(bytes), Buffer.from(end)]), statuses: [400] };
        }),
      ),
    ));

  test('is refused where it is empty and a member is required', () =>
    refuseAll(
      server,
      onEachRoute(({ fields }) =>
        Object.values(fields).some((field) => field.required) ? [{ label: 'empty', body: '', statuses: [400, 422] }] : [],
      ),
    ));
});

describe('a body that is JSON, but not as JSON should be', () => {
  test('is refused with 400 for a member that comes twice', () =>
    refuseAll(
      server,
      onEachRoute(({ good }) =>
        Object.entries(good).flatMap(([name, value]) =>
          [JSON.stringify(value), '"other"'].map((second) => ({
            label: `with ${name} twice`,
            body: `{"${name}":${JSON.stringify(value)},"${name}":${second}}`,
            statuses: [400],
          })),
        ),
      ),
    ));

  test('is refused with 400 for a member that comes twice, once written with an escape', () =>
    refuseAll(
      server,
      onEachRoute(({ good }) => {
        const [name, value] = Object.entries(good)[0];
        const escaped = `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
        const body = `{"${name}":${JSON.stringify(value)},"${escaped}":${JSON.stringify(value)}}`;
        return [{ label: `with ${name} twice`, body, statuses: [400] }];
      }),
    ));

  test('is refused with 400 for a NUL or a lone surrogate in a text', () =>
    refuseAll(
      server,
      onEachField(['text', 'id', 'time', 'anytime'], (name, _, good) =>
        ['\\u0000', 'a\\u0000b', '\\ud800', '\\udc00', 'a\\udfff\\ud800b'].map((piece) => ({
          label: `${name} ${piece}`,
          body: withMember(good, name, `"${piece}"`),
          statuses: [400],
        })),
      ),
    ));

  test('is refused with 400 for a NUL or a lone surrogate deeper down, or in a name', () => {
    const around = {
      slugs: (piece) => [`["${piece}"]`],
      texts: (piece) => [`["${piece}"]`],
      enums: (piece) => [`["${piece}"]`],
      metadata: (piece) => [`{"n":"${piece}"}`, `{"${piece}":"v"}`],
      objects: (piece) => [`[{"value":"${piece}"}]`],
    };
    return refuseAll(
      server,
      onEachField(Object.keys(around), (name, { type }, good) =>
        // The value of an item in a batch of validations is that item's fault: the next test.
        (name === 'validations' ? [] : ['\\u0000', '\\ud800']).flatMap(around[type]).map((json) => ({
          label: `${name} ${json}`,
          body: withMember(good, name, json),
          statuses: [400],
        })),
      ),
    );
  });

  test('is refused where it is no object', () =>
    refuseAll(
      server,
      onEachRoute(() => ['[]', '"text"', '42', 'true', 'null', '[{}]'].map((body) => ({ label: body, body, statuses: [400, 422] }))),
    ));

  test('is refused at a depth of 1,000 and of 100,000', () =>
    refuseAll(
      server,
      onEachRoute(({ good, fields }) =>
        [1_000, 100_000].flatMap((depth) => [
          { label: `depth ${depth}`, body: nested(depth), statuses: [400, 413, 422] },
          { label: `a member of depth ${depth}`, body: withMember(good, Object.keys(fields)[0], nested(depth)), statuses: [400, 413, 422] },
          { label: `an unknown member of depth ${depth}`, body: withMember(good, 'unknown', nested(depth)), statuses: [400, 413, 422] },
        ]),
      ),
    ));
});

describe('a body with an impossible content', () => {
  test('is refused with 422 that names the field, for each value that the field cannot have', () =>
    refuseAll(
      server,
      onEachField(null, (name, field, good) =>
        badValuesOf(field).map((json) => ({
          label: `${name} = ${json.slice(0, 60)}`,
          body: withMember(good, name, json),
          statuses: json.includes('1e400') ? [400, 422] : [422],
        })),
      ),
    ));

  test('is refused with 422 required for each member that must be there', () =>
    refuseAll(
      server,
      onEachField(null, (name, field, good) => {
        const { [name]: _, ...rest } = good;
        return field.required ? [{ label: `without ${name}`, body: JSON.stringify(rest), statuses: [422], code: 'required' }] : [];
      }),
    ));

  test('is refused with 422 unknown_field for a member that is not known', () =>
    refuseAll(
      server,
      onEachRoute(({ good }) =>
        ['expire_at', 'Name', '__proto__', 'id'].map((name) => ({
          label: `with ${name}`,
          body: withMember(good, name, '"x"'),
          statuses: [422],
          field: name,
          code: 'unknown_field',
        })),
      ),
    ));

  test('is refused for texts of a mebibyte', () =>
    refuseAll(
      server,
      onEachField(['text', 'id', 'time', 'anytime'], (name, _, good) => [
        {
          label: `${name} of a mebibyte`,
          body: withMember(good, name, JSON.stringify('x'.repeat(mebibyte))),
          statuses: [413, 422],
          mayBeEmpty: true,
          mayClose: true,
        },
      ]),
    ));

  test('is refused for lists of 100,000', () => {
    const lists = [
      JSON.stringify(Array.from({ length: 100_000 }, (_, i) => `s${i}`)),
      JSON.stringify(Array(100_000).fill('a')),
      `[${'{},'.repeat(99_999)}{}]`,
    ];
    return refuseAll(
      server,
      onEachField(['slugs', 'texts', 'enums', 'objects'], (name, _, good) =>
        lists.map((json) => ({
          label: `${name} of 100,000`,
          body: withMember(good, name, json),
          statuses: [413, 422],
          mayBeEmpty: true,
          mayClose: true,
        })),
      ),
    );
  });
});

describe('one bad part spoils the whole', () => {
  test('of a batch of validations, and is named', () => {
    const batch = (label, validations, field) => ({
      label,
      statuses: [422],
      field,
      bytes: withBody('POST', '/api_keys/validations/batch', JSON.stringify({ validations })),
    });
    const bad = {
      permissions: [{ value: 'x', permissions: 42 }],
      other: [{ value: 'x', other: 1 }],
    };
    return refuseAll(server, [
      batch('101 validations', Array(101).fill({ value: 'x' }), 'validations'),
      ...Object.entries(bad).flatMap(([name, values]) =>
        values.map((value) =>
          batch(`${name} of ${JSON.stringify(value).slice(0, 60)}`, [{ value: 'x' }, value], `validations\\[1\\]\\.${name}`),
        ),
      ),
    ]);
  });

  test('of a batch of validations, unless it is a value, which is malformed alone', async () => {
    for (const item of ['{}', '{"value":42}', `{"value":"${'x'.repeat(513)}"}`, '{"value":"\\u0000"}', '{"value":"\\ud800"}']) {
      const body = `{"validations":[${item},{"value":"x"}]}`;
      const answer = await exchangeOnce(server.port, withBody('POST', '/api_keys/validations/batch', body));
      assert.equal(answer.status, 200, item);
      assert.deepEqual(JSON.parse(answer.body.toString('utf8')).results.map(({ decision }) => decision.code), ['malformed', 'malformed'], item);
    }
  });

  test('of an import, and is named', () => {
    const owner = { type: 'organization', id: things.organization };
    const scheme = { prefix: 'old_', length: 40, alphabet: 'hex' };
    const item = () => ({ value_sha256: randomUUID().replaceAll('-', '').repeat(2), last_four: 'beef', owner, name: 'Good' });
    const refused = (label, body, field, code) => ({
      label,
      statuses: [422],
      field,
      code,
      bytes: withBody('POST', '/api_keys/imports', JSON.stringify(body)),
    });
    const badItems = {
      value_sha256: ['', 'abc', 'g'.repeat(64), 'a'.repeat(63), 'a'.repeat(65), 42],
      last_four: ['', 42, 'x'.repeat(65)],
      owner: ['text', {}, { type: 'planet', id: owner.id }, { type: 'organization', id: 'org_x' }],
      name: ['', 42, 'x'.repeat(201)],
      permissions: [['never:registered'], 'text'],
      expires_at: ['2020-01-01T00:00:00Z', 42],
    };
    const badSchemes = {
      prefix: ['', 42, 'x'.repeat(33), 'sp ace', 'é'],
      length: [0, -1, '40', 1.5, 1e9],
      alphabet: ['', 'base13', 42],
    };
    return refuseAll(server, [
      ...Object.entries(badItems).flatMap(([name, values]) =>
        values.map((value) =>
          refused(
            `${name} = ${JSON.stringify(value)}`,
            { scheme, api_keys: [item(), { ...item(), [name]: value }] },
            `api_keys\\[1\\]\\.${name}`,
          ),
        ),
      ),
      ...Object.entries(badSchemes).flatMap(([name, values]) =>
        values.map((value) =>
          refused(`${name} = ${JSON.stringify(value)}`, { scheme: { ...scheme, [name]: value }, api_keys: [item()] }, `scheme\\.${name}`),
        ),
      ),
      refused('a short scheme', { scheme: { ...scheme, length: 27 }, api_keys: [item()] }, 'scheme\\.length', 'low_entropy'),
      refused('101 keys', { scheme, api_keys: Array.from({ length: 101 }, item) }, 'api_keys'),
    ]);
  });
});

describe('a body of another kind', () => {
  test('is refused with 415', () =>
    refuseAll(
      server,
      onEachRoute(({ good }) =>
        ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', 'json', null].map(
          (type) => ({
            label: `as ${type}`,
            body: JSON.stringify(good),
            headers: { 'Content-Type': type },
            statuses: [415],
          }),
        ),
      ),
    ));

  test('is refused with 413 where it announces more than any limit', () =>
    refuseAll(
      server,
      routes.map(([method, path]) => ({
        label: `${method} ${path}`,
        statuses: [413],
        mayBeEmpty: true,
        mayClose: true,
        bytes: request(method, path, { key: server.key, headers: { 'Content-Type': 'application/json', 'Content-Length': 40_000_000 } }),
      })),
    ));
});

describe('what is no bad input', () => {
  test('a body with a charset and an astral character is taken', async () => {
    for (const type of ['application/json', 'application/json; charset=utf-8', 'application/json;charset=UTF-8']) {
      const bytes = withBody('POST', '/organizations', '{"name":"Good \\ud83d\\ude00"}', { 'Content-Type': type });
      const answer = await exchangeOnce(server.port, bytes);
      assert.equal(answer.status, 201, answer.body.toString());
      assert.equal(JSON.parse(answer.body).name, 'Good \u{1f600}');
    }
  });

  test('every good body is taken, so that the refusals are for no other reason', async () => {
    const refused = [];
    for (const [method, path, good] of routes) {
      const { status, text } = await server.api.call(method, path, good());
      if (status > 299) refused.push(`${method} ${path}: ${status} ${text}`);
    }
    assert.deepEqual(refused, []);
  });

  test('the end of year 9999 is taken or refused, never a 5xx', async () => {
    for (const time of ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.9999999Z']) {
      const answer = await server.api.call('POST', `/organizations/${things.organization}/api_keys`, { name: 'Far', expires_at: time });
      assert.ok(answer.status === 201 || answer.status === 422, answer.text);
      if (answer.status === 201) assert.equal((await server.api.get(`/api_keys/${answer.body.id}`)).expires_at, '9999-12-31T23:59:59.999Z');
    }
  });
});

test('nothing of all this brought the server to report an unhandled error', () => {
  assert.doesNotMatch(server.stderr, /unhandled|StackOverflow|OutOfMemory|NullReference/i);
});
