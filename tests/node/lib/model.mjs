// The state of each resource and its events, as an outside client derives them from its answers.

/** The decision that a key's validation must return, and the permissions that it must contain. */
export function expectedValidation(key, roles) {
  if (key.state !== 'active') return { allow: false, code: key.state };
  if (key.suspended) return { allow: false, code: 'suspended' };
  if (key.membership && !key.membership.active) return { allow: false, code: 'owner_inactive' };
  return { allow: true, code: 'allowed', permissions: effective(key, roles) };
}

export function effective(key, roles) {
  if (!key.membership) return key.granted;
  const ceiling = roles.get(key.membership.role).permissions;
  return key.granted.filter((slug) => ceiling.includes(slug));
}

/** The status that reading the key must show. */
export function expectedStatus(key) {
  if (key.state !== 'active') return key.state;
  if (key.suspended) return 'suspended';
  return key.membership && !key.membership.active ? 'owner_inactive' : 'active';
}

export class Key {
  state = 'active';
  suspended = false;
  busy = false;
  history = ['api_key.created'];

  constructor({ id, value }, { name, organization, membership = null, granted, idempotency }) {
    Object.assign(this, { id, name, organization, membership, granted, creation: idempotency });
    this.secrets = [{ value, live: true }];
  }

  get open() {
    return this.state === 'active';
  }

  get liveSecrets() {
    return this.secrets.filter(({ live }) => live).length;
  }
}

export class Membership {
  active = true;
  busy = false;
  history = [];

  constructor({ id }, { user, organization, role }) {
    Object.assign(this, { id, user, organization, role });
  }
}

export class Role {
  busy = false;
  history = [];

  constructor(slug, permissions) {
    this.id = slug;
    this.permissions = permissions;
  }
}
