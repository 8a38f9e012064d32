// The people and resources that tests need, each under a name of its own.

import { randomUUID } from 'node:crypto';

export function uniqueSlug(stem) {
  return `${stem}:${randomUUID().slice(0, 8)}`;
}

export function newOrganization(api, fields = {}) {
  return api.post('/organizations', { name: `Organization ${randomUUID()}`, ...fields });
}

export function newUser(api, fields = {}) {
  return api.post('/user_management/users', { email: `${randomUUID()}@example.com`, ...fields });
}

export function newMembership(api, organization, user, roleSlug) {
  const fields = { user_id: user.id, organization_id: organization.id, ...(roleSlug && { role_slug: roleSlug }) };
  return api.post('/user_management/organization_memberships', fields);
}

export async function newMember(api, organization, roleSlug) {
  const user = await newUser(api);
  return { user, membership: await newMembership(api, organization, user, roleSlug) };
}

export async function newPermission(api, slug = uniqueSlug('thing')) {
  return (await api.post('/authorization/permissions', { slug, name: slug })).slug;
}

/** A role, capped to these permissions. */
export async function newRole(api, permissions, slug = uniqueSlug('role')) {
  await api.post('/authorization/roles', { slug, name: slug });
  await api.put(`/authorization/roles/${slug}/permissions`, { permissions });
  return slug;
}

export function newOrganizationKey(api, organization, fields = {}, options) {
  return api.post(`/organizations/${organization.id}/api_keys`, { name: `Key ${randomUUID()}`, ...fields }, options);
}

export function newUserKey(api, user, organization, fields = {}, options) {
  const body = { name: `Key ${randomUUID()}`, organization_id: organization.id, ...fields };
  return api.post(`/user_management/users/${user.id}/api_keys`, body, options);
}

/** A second environment's API caller. */
export async function newEnvironment(api, keyPrefix = `t${randomUUID().slice(0, 8)}`) {
  const environment = await api.post('/environments', { name: keyPrefix, key_prefix: keyPrefix });
  return { environment, api: api.as(environment.management_key.value) };
}
