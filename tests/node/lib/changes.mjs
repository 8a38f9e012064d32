// Every change that takes something from keys or gives it back: its preparation, the values that it concerns, and its call. A target's
// `watched` is the permission that the change is about, or null where it is about everything.

import { newMember, newOrganization, newOrganizationKey, newPermission, newRole, newUserKey } from './scene.mjs';

const keysPerOwner = 3;

const ended = (keys) => keys.map(({ value }) => ({ value, watched: null }));
const narrowed = (keys, watched) => keys.map(({ value }) => ({ value, watched }));
const times = (count, make) => Promise.all(Array.from({ length: count }, make));

const permissionsOf = (role) => `/authorization/roles/${role}/permissions`;
const membershipOf = ({ membership }, verb = '') => `/user_management/organization_memberships/${membership.id}${verb}`;

/** A person with keys in an organization, under a role of two permissions of their own. */
async function memberWithKeys(api) {
  const [organization, kept, taken] = await Promise.all([newOrganization(api), newPermission(api), newPermission(api)]);
  const role = await newRole(api, [kept, taken]);
  const { user, membership } = await newMember(api, organization, role);
  const keys = await times(keysPerOwner, () => newUserKey(api, user, organization, { permissions: [kept, taken] }));
  return { organization, user, membership, role, kept, taken, keys };
}

async function oneKey(api) {
  const [organization, kept, taken] = await Promise.all([newOrganization(api), newPermission(api), newPermission(api)]);
  return { kept, taken, key: await newOrganizationKey(api, organization, { permissions: [kept, taken] }) };
}

const ofKey = (call) => async (api) => {
  const { key } = await oneKey(api);
  return { targets: ended([key]), call: call(key) };
};

const ofMember = (targetsOf, call) => async (api) => {
  const member = await memberWithKeys(api);
  return { targets: targetsOf(member), call: call(member) };
};

const takesAll = ({ keys }) => ended(keys);
const takesOne = ({ keys, taken }) => narrowed(keys, taken);

/** kind → prepare(api) → {targets, call: [method, path, body]}. */
const taking = {
  revoke: ofKey(({ id }) => ['POST', `/api_keys/${id}/revoke`, { reason: 'raced' }]),
  delete: ofKey(({ id }) => ['DELETE', `/api_keys/${id}`]),
  expire: ofKey(({ id }) => ['POST', `/api_keys/${id}/expire`, {}]),
  suspend: ofKey(({ id }) => ['POST', `/api_keys/${id}/suspend`, {}]),
  rotate: ofKey(({ id }) => ['POST', `/api_keys/${id}/rotate`, { overlap_seconds: 0 }]),

  async narrow_key(api) {
    const { key, kept, taken } = await oneKey(api);
    return { targets: narrowed([key], taken), call: ['PATCH', `/api_keys/${key.id}`, { permissions: [kept] }] };
  },
  narrow_role: ofMember(takesOne, ({ role, kept }) => ['PUT', permissionsOf(role), { permissions: [kept] }]),
  remove_from_role: ofMember(takesOne, ({ role, taken }) => ['DELETE', `${permissionsOf(role)}/${taken}`]),
  delete_permission: ofMember(takesOne, ({ taken }) => ['DELETE', `/authorization/permissions/${taken}`]),

  async change_role(api) {
    const member = await memberWithKeys(api);
    const lesser = await newRole(api, [member.kept]);
    return { targets: takesOne(member), call: ['PUT', membershipOf(member), { role_slug: lesser }] };
  },
  deactivate: ofMember(takesAll, (member) => ['PUT', membershipOf(member, '/deactivate'), {}]),
  delete_membership: ofMember(takesAll, (member) => ['DELETE', membershipOf(member)]),
  delete_user: ofMember(takesAll, ({ user }) => ['DELETE', `/user_management/users/${user.id}`]),

  async delete_organization(api) {
    const member = await memberWithKeys(api);
    const own = await times(keysPerOwner, () => newOrganizationKey(api, member.organization));
    return { targets: ended([...member.keys, ...own]), call: ['DELETE', `/organizations/${member.organization.id}`] };
  },
};

/** A change that gives back is prepared by taking first. */
const ofMemberAfter = (targetsOf, take, give) => async (api) => {
  const member = await memberWithKeys(api);
  await api.ok(...take(member));
  return { gives: true, targets: targetsOf(member), call: give(member) };
};

const ofKeyAfter = (targetsOf, take, give) => async (api) => {
  const one = await oneKey(api);
  await api.ok(...take(one));
  return { gives: true, targets: targetsOf(one), call: give(one) };
};

const giving = {
  resume: ofKeyAfter(
    ({ key }) => ended([key]),
    ({ key }) => ['POST', `/api_keys/${key.id}/suspend`, {}],
    ({ key }) => ['POST', `/api_keys/${key.id}/resume`, {}],
  ),
  widen_key: ofKeyAfter(
    ({ key, taken }) => narrowed([key], taken),
    ({ key, kept }) => ['PATCH', `/api_keys/${key.id}`, { permissions: [kept] }],
    ({ key, kept, taken }) => ['PATCH', `/api_keys/${key.id}`, { permissions: [kept, taken] }],
  ),
  reactivate: ofMemberAfter(
    takesAll,
    (member) => ['PUT', membershipOf(member, '/deactivate'), {}],
    (member) => ['PUT', membershipOf(member, '/reactivate'), {}],
  ),
  widen_role: ofMemberAfter(
    takesOne,
    ({ role, kept }) => ['PUT', permissionsOf(role), { permissions: [kept] }],
    ({ role, kept, taken }) => ['PUT', permissionsOf(role), { permissions: [kept, taken] }],
  ),
  add_to_role: ofMemberAfter(
    takesOne,
    ({ role, taken }) => ['DELETE', `${permissionsOf(role)}/${taken}`],
    ({ role, taken }) => ['POST', permissionsOf(role), { slug: taken }],
  ),
  async raise_role(api) {
    const member = await memberWithKeys(api);
    const lesser = await newRole(api, [member.kept]);
    await api.put(membershipOf(member), { role_slug: lesser });
    return { gives: true, targets: takesOne(member), call: ['PUT', membershipOf(member), { role_slug: member.role }] };
  },
};

export const changes = { ...taking, ...giving };
