// Every route of the API that takes a JSON body: a good body, and the type of each member. Written from docs/api.md.

import { createHash, randomUUID } from 'node:crypto';
import { newMember, newOrganization, newOrganizationKey, newPermission, newRole, newUser, uniqueSlug } from './scene.mjs';

const text = (mostCharacters, rest = {}) => ({ type: 'text', mostCharacters, ...rest });
const id = { type: 'id' };
const time = { type: 'time' };
const flag = { type: 'flag' };
const metadata = { type: 'metadata' };
const slugs = { type: 'slugs' };
/** Texts to compare with, which need not be registered. */
const texts = { type: 'texts' };
const required = (field) => ({ ...field, required: true });
const integer = (low, high) => ({ type: 'integer', low, high });

const inADay = () => new Date(Date.now() + 86_400_000).toISOString();
const digest = () => createHash('sha256').update(randomUUID()).digest('hex');

/** Resources for the routes to name. */
export async function prepareThings(api) {
  const organization = await newOrganization(api);
  const { user, membership } = await newMember(api, organization);
  const permission = await newPermission(api);
  return {
    organization: organization.id,
    user: user.id,
    membership: membership.id,
    lonelyUser: (await newUser(api)).id,
    permission,
    role: await newRole(api, [permission]),
    key: (await newOrganizationKey(api, organization)).id,
    managementKey: (await api.post('/management_keys', { name: 'Bad', rights: ['keys:read'] })).id,
    environment: (await api.get('/environments')).data[0].id,
  };
}

/** [method, path, good body, fields], for the ids of `prepareThings`. */
export function bodies(things) {
  const { organization, user, lonelyUser, membership, key, managementKey, environment, permission, role } = things;
  const keyFields = {
    name: required(text(200)),
    permissions: slugs,
    expires_at: time,
    purpose: text(500),
    responsible_user_id: id,
  };
  const domains = { type: 'domains' };
  const directoryFields = { external_id: text(128), metadata };
  const userFields = { email: text(), first_name: text(), last_name: text(), email_verified: flag, ...directoryFields };
  const kinds = { type: 'enums' };
  return [
    ['POST', `/organizations/${organization}/api_keys`, () => ({ name: 'Bad' }), keyFields],
    [
      'POST',
      `/user_management/users/${user}/api_keys`,
      () => ({ name: 'Bad', organization_id: organization }),
      { ...keyFields, organization_id: required(id) },
    ],
    [
      'POST',
      '/api_keys/validations',
      () => ({ value: 'wdr_live_nothing' }),
      { value: required({ ...text(512), mayBeEmpty: true }), permissions: texts },
    ],
    [
      'POST',
      '/api_keys/validations/batch',
      () => ({ validations: [{ value: 'wdr_live_nothing' }] }),
      { validations: required({ type: 'objects' }) },
    ],
    ['PATCH', `/api_keys/${key}`, () => ({ name: 'Bad' }), { ...keyFields, name: text(200) }],
    ['POST', `/api_keys/${key}/rotate`, () => ({ overlap_seconds: 60 }), { overlap_seconds: integer(0, 2_592_000), expires_at: time }],
    ['POST', `/api_keys/${key}/expire`, () => ({ expires_at: inADay() }), { expires_at: { type: 'anytime' } }],
    ['POST', `/api_keys/${key}/suspend`, () => ({ reason: 'Bad' }), { reason: text(500) }],
    ['POST', `/api_keys/${key}/revoke`, () => ({ reason: 'Bad' }), { reason: text(500) }],
    [
      'POST',
      '/api_keys/imports',
      () => ({
        scheme: { prefix: 'old_', length: 40, alphabet: 'hex' },
        api_keys: [{ value_sha256: digest(), last_four: 'beef', owner: { type: 'organization', id: organization }, name: 'Bad' }],
      }),
      { scheme: required({ type: 'object' }), api_keys: required({ type: 'objects' }) },
    ],

    ['POST', '/organizations', () => ({ name: 'Bad' }), { name: required(text()), domains, ...directoryFields }],
    ['PUT', `/organizations/${organization}`, () => ({ name: 'Bad' }), { name: text(), domains, ...directoryFields }],
    ['POST', '/user_management/users', () => ({ email: `${randomUUID()}@example.com` }), { ...userFields, email: required(text()) }],
    ['PUT', `/user_management/users/${user}`, () => ({ first_name: 'Bad' }), userFields],
    [
      'POST',
      '/user_management/organization_memberships',
      () => ({ user_id: lonelyUser, organization_id: organization }),
      {
        user_id: required(id),
        organization_id: required(id),
        role_slug: text(),
      },
    ],
    ['PUT', `/user_management/organization_memberships/${membership}`, () => ({ role_slug: 'admin' }), { role_slug: text() }],

    [
      'POST',
      '/authorization/permissions',
      () => ({ slug: uniqueSlug('bad'), name: 'Bad' }),
      {
        slug: required(text(48)),
        name: required(text(48)),
        description: text(150),
        resource_type_slug: text(),
        allowed_owner_types: kinds,
      },
    ],
    [
      'PATCH',
      `/authorization/permissions/${permission}`,
      () => ({ name: 'Bad' }),
      { name: text(48), description: text(150), allowed_owner_types: kinds },
    ],
    [
      'POST',
      '/authorization/roles',
      () => ({ slug: uniqueSlug('bad'), name: 'Bad' }),
      {
        slug: required(text()),
        name: required(text()),
        description: text(),
        resource_type_slug: text(),
      },
    ],
    ['PATCH', `/authorization/roles/${role}`, () => ({ name: 'Bad' }), { name: text(), description: text() }],
    ['PUT', `/authorization/roles/${role}/permissions`, () => ({ permissions: [] }), { permissions: required(slugs) }],
    ['POST', `/authorization/roles/${role}/permissions`, () => ({ permissions: [permission] }), { permissions: slugs }],

    [
      'POST',
      '/management_keys',
      () => ({ name: 'Bad', rights: ['keys:read'] }),
      { name: required(text()), rights: required(kinds), expires_at: time },
    ],
    ['PATCH', `/management_keys/${managementKey}`, () => ({ name: 'Bad' }), { name: text(), rights: kinds, expires_at: time }],
    [
      'POST',
      `/management_keys/${managementKey}/rotate`,
      () => ({ overlap_seconds: 60 }),
      { overlap_seconds: integer(0, 2_592_000), expires_at: time },
    ],
    ['POST', `/management_keys/${managementKey}/revoke`, () => ({ reason: 'Bad' }), { reason: text() }],
    [
      'POST',
      '/environments',
      () => ({ name: 'Bad', key_prefix: `b${randomUUID().slice(0, 8)}` }),
      { name: required(text()), key_prefix: required(text()) },
    ],
    ['PATCH', `/environments/${environment}`, () => ({ name: 'Bad' }), { name: text() }],
  ];
}

const absurdTimes = [
  '0000-01-01T00:00:00Z',
  '10000-01-01T00:00:00Z',
  '9999-12-31T23:59:60Z',
  '9999-12-31T23:59:59-14:00',
  '2030-02-30T00:00:00Z',
  '2030-13-01T00:00:00Z',
  '2030-01-01T25:00:00Z',
  '2030-06-30T23:59:61Z',
  '2030-01-01T00:00:00+99:99',
  '2030-01-01',
  'tomorrow',
  '',
  '1767225600',
  '+292278994-08-17T07:12:55Z',
  '2030-01-01T00:00:00',
  '2030-W01-1T00:00:00Z',
  '\uff12\uff10\uff13\uff10-01-01T00:00:00Z',
];
const pastTimes = ['2020-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '1969-12-31T23:59:59.999Z'];
const never = '"never:registered"';

/** JSON texts that a member of this type must be refused for. */
const badValues = {
  text: ['42', 'true', '[]', '{}', '["text"]', '1e400'],
  id: [
    '42',
    'true',
    '[]',
    '{}',
    '"not-an-id"',
    '""',
    '"org_"',
    `"org_${'0'.repeat(26)}"`,
    `"org_${'Z'.repeat(26)}"`,
    `"user_${'0'.repeat(25)}"`,
  ],
  time: ['42', 'true', '[]', '{}', ...[...absurdTimes, ...pastTimes].map((value) => JSON.stringify(value))],
  anytime: ['42', 'true', '[]', '{}', ...absurdTimes.map((value) => JSON.stringify(value))],
  flag: ['42', '"true"', '[]', '{}', '0'],
  integer: ['"60"', 'true', '[]', '{}', '1.5', '-1', '2592001', '99999999999999999999', '1e400', '-0.5', '1e-3', '9223372036854775808'],
  slugs: ['42', 'true', '"posts:read"', '{}', '[42]', '[null]', '[[]]', `[${never}]`, '[""]', '["UPPER"]', '["-first"]'],
  texts: ['42', 'true', '"posts:read"', '{}', '[42]', '[null]', '[[]]'],
  enums: ['42', 'true', '"organization"', '{}', '[42]', '[null]', '["never"]', '[""]'],
  domains: ['42', 'true', '"a.example"', '{}', '[42]', '[null]', '[""]', '["localhost"]', '["a b.example"]', '["a.example","A.example"]'],
  metadata: [
    '42',
    'true',
    '"text"',
    '[]',
    '{"a":1}',
    '{"a":{}}',
    `{"${'n'.repeat(41)}":"v"}`,
    `{"n":"${'v'.repeat(601)}"}`,
    JSON.stringify(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`n${i}`, 'v']))),
  ],
  object: ['42', 'true', '"text"', '[]'],
  objects: ['42', 'true', '"text"', '{}', '[]', '[42]', '[null]', '["text"]', '[[]]'],
};

/** Every bad value of a field: those of its type, and those beyond its bounds. */
export function badValuesOf(field) {
  const values = [...badValues[field.type]];
  if (field.required) values.push('null');
  if (field.type === 'text' && field.required && !field.mayBeEmpty) values.push('""');
  if (field.mostCharacters)
    values.push(JSON.stringify('x'.repeat(field.mostCharacters + 1)), JSON.stringify('é'.repeat(field.mostCharacters + 1)));
  return values;
}
