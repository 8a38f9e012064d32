// Every change that takes something from a key: what it is prepared with, which values it concerns, and the call that makes it.
// A target's `watched` is the permission that the change takes, or null where it takes everything.

import { newMember, newOrganization, newOrganizationKey, newPermission, newRole, newUserKey } from './scene.mjs';

const keysPerOwner = 3;

const ended = (keys) => keys.map(({ value }) => ({ value, watched: null }));
const narrowed = (keys, watched) => keys.map(({ value }) => ({ value, watched }));
const times = (count, make) => Promise.all(Array.from({ length: count }, make));

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
  const key = await newOrganizationKey(api, organization, { permissions: [kept, taken] });
  return { organization, kept, taken, key };
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
export const changes = {
  revoke: ofKey(({ id }) => ['POST', `/api_keys/${id}/revoke`, { reason: 'raced' }]),
  delete: ofKey(({ id }) => ['DELETE', `/api_keys/${id}`]),
  expire: ofKey(({ id }) => ['POST', `/api_keys/${id}/expire`, {}]),
  suspend: ofKey(({ id }) => ['POST', `/api_keys/${id}/suspend`, {}]),
  rotate: ofKey(({ id }) => ['POST', `/api_keys/${id}/rotate`, { overlap_seconds: 0 }]),

  async narrow_key(api) {
    const { key, kept, taken } = await oneKey(api);
    return { targets: narrowed([key], taken), call: ['PATCH', `/api_keys/${key.id}`, { permissions: [kept] }] };
  },
  narrow_role: ofMember(takesOne, ({ role, kept }) => ['PUT', `/authorization/roles/${role}/permissions`, { permissions: [kept] }]),
  remove_from_role: ofMember(takesOne, ({ role, taken }) => ['DELETE', `/authorization/roles/${role}/permissions/${taken}`]),
  delete_permission: ofMember(takesOne, ({ taken }) => ['DELETE', `/authorization/permissions/${taken}`]),

  async change_role(api) {
    const member = await memberWithKeys(api);
    const lesser = await newRole(api, [member.kept]);
    return {
      targets: takesOne(member),
      call: ['PUT', `/user_management/organization_memberships/${member.membership.id}`, { role_slug: lesser }],
    };
  },
  deactivate: ofMember(takesAll, ({ membership }) => ['PUT', `/user_management/organization_memberships/${membership.id}/deactivate`, {}]),
  delete_membership: ofMember(takesAll, ({ membership }) => ['DELETE', `/user_management/organization_memberships/${membership.id}`]),
  delete_user: ofMember(takesAll, ({ user }) => ['DELETE', `/user_management/users/${user.id}`]),

  async delete_organization(api) {
    const member = await memberWithKeys(api);
    const own = await times(keysPerOwner, () => newOrganizationKey(api, member.organization));
    return { targets: ended([...member.keys, ...own]), call: ['DELETE', `/organizations/${member.organization.id}`] };
  },
};
