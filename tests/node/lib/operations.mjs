// The changes of the ledger's hands. Each operation is bound to one subject (or creates one) and knows its call, the effect of its
// acknowledgement on the model, and the one event that it must write.

import { randomUUID } from 'node:crypto';
import { isUnavailable } from './api.mjs';
import { Key } from './model.mjs';

const overlapSeconds = 3600;
const mostSecretsKept = 3;

/** Refusals that a creation may meet because another hand narrowed or ended its owner meanwhile. */
const expectedRefusals = new Set(['exceeds_owner', 'no_active_membership']);

export class Operation {
  constructor(kind, subject, { method = 'POST', path, body = {}, event, apply, idempotent = false, name = null }) {
    Object.assign(this, { kind, subject, method, path, body, event, apply, name });
    this.idempotencyKey = idempotent ? randomUUID() : null;
  }

  /** Makes the call through a node, which it remembers. */
  send(node, api = node.api) {
    this.node = node;
    const options = this.idempotencyKey ? { idempotencyKey: this.idempotencyKey } : {};
    return api.call(this.method, this.path, this.body ?? undefined, options);
  }

  /** done | refused | undone | unknown. An unexplained refusal throws. */
  outcome(answer) {
    if (answer.status >= 200 && answer.status <= 299) return 'done';
    if (isUnavailable(answer)) return 'undone';
    if (answer.status === 503 && answer.body.code === 'outcome_unknown') return 'unknown';
    if (this.kind === 'create' && answer.status === 422 && answer.body.errors?.every(({ code }) => expectedRefusals.has(code)))
      return 'refused';
    throw new Error(`${this.kind}: ${this.method} ${this.path} ${JSON.stringify(this.body)} was answered ${answer.status} ${answer.text}`);
  }

  /** Enters the acknowledged change into the model. */
  acknowledge(world, body) {
    this.apply(world, body);
    if (this.subject) this.subject.history.push(this.event);
  }
}

function create(world, random) {
  const name = `ledger ${randomUUID()}`;
  const ofUser = random.chance(0.5);
  const membership = ofUser ? random.pick(world.memberships) : null;
  const organization = ofUser ? membership.organization : random.pick(world.organizations);
  const granted = random.some(ofUser ? world.roles.get(membership.role).permissions : world.permissions);
  const body = { name, permissions: granted, ...(ofUser && { organization_id: organization.id }) };
  const operation = new Operation('create', null, {
    path: ofUser ? `/user_management/users/${membership.user.id}/api_keys` : `/organizations/${organization.id}/api_keys`,
    body,
    event: 'api_key.created',
    idempotent: true,
    name,
    apply: (target, answer) => target.addKey(new Key(answer, { name, organization, membership, granted, idempotency: operation })),
  });
  return operation;
}

function rotate(key, world, random) {
  const overlap = key.liveSecrets >= mostSecretsKept || random.chance(0.5) ? 0 : overlapSeconds;
  return new Operation('rotate', key, {
    path: `/api_keys/${key.id}/rotate`,
    body: { overlap_seconds: overlap },
    event: 'api_key.rotated',
    idempotent: true,
    apply(_, { value }) {
      if (overlap === 0)
        key.secrets.forEach((secret) => {
          secret.live = false;
        });
      key.secrets.push({ value, live: true });
    },
  });
}

function end(kind, key, state, event, call) {
  return new Operation(kind, key, {
    ...call,
    event,
    apply: () => {
      key.state = state;
    },
  });
}

/** Operations on a key that has not ended. */
const onKey = {
  rotate,
  patch,
  revoke: (key) => end('revoke', key, 'revoked', 'api_key.revoked', { path: `/api_keys/${key.id}/revoke`, body: { reason: 'ledger' } }),
  delete: (key) => end('delete', key, 'revoked', 'api_key.revoked', { method: 'DELETE', path: `/api_keys/${key.id}`, body: null }),
  expire: (key) => end('expire', key, 'expired', 'api_key.expired', { path: `/api_keys/${key.id}/expire` }),
  suspend: (key) =>
    new Operation(key.suspended ? 'resume' : 'suspend', key, {
      path: `/api_keys/${key.id}/${key.suspended ? 'resume' : 'suspend'}`,
      event: key.suspended ? 'api_key.resumed' : 'api_key.suspended',
      apply: () => {
        key.suspended = !key.suspended;
      },
    }),
};

function flip(membership) {
  const verb = membership.active ? 'deactivate' : 'reactivate';
  return new Operation(verb, membership, {
    method: 'PUT',
    path: `/user_management/organization_memberships/${membership.id}/${verb}`,
    event: 'organization_membership.updated',
    apply: () => {
      membership.active = verb === 'reactivate';
    },
  });
}

function changeRole(membership, world, random) {
  const role = random.pick([...world.roles.keys()].filter((slug) => slug !== membership.role));
  return new Operation('change_role', membership, {
    method: 'PUT',
    path: `/user_management/organization_memberships/${membership.id}`,
    body: { role_slug: role },
    event: 'organization_membership.updated',
    apply: () => {
      membership.role = role;
    },
  });
}

function setRole(role, world, random) {
  let permissions = random.some(world.permissions);
  if (permissions.join() === role.permissions.join()) permissions = permissions.length > 1 ? permissions.slice(1) : world.permissions;
  return new Operation('set_role', role, {
    method: 'PUT',
    path: `/authorization/roles/${role.id}/permissions`,
    body: { permissions },
    event: 'role.updated',
    apply: () => {
      role.permissions = permissions;
    },
  });
}

const weights = { create: 50, rotate: 12, revoke: 4, delete: 4, expire: 4, suspend: 10, flip: 7, changeRole: 4, setRole: 3, patch: 6 };

/** The next operation, on a subject that no other hand holds; a creation where there is none. */
export function nextOperation(world, random) {
  const kind = random.weighted(weights);
  const [subjects, make] = {
    flip: [world.memberships, flip],
    changeRole: [world.memberships, changeRole],
    setRole: [[...world.roles.values()], setRole],
  }[kind] ?? [world.openKeys(random), onKey[kind]];
  const subject = kind === 'create' ? null : random.pick(subjects);
  const possible = subject && !subject.busy && !(kind === 'patch' && subject.membership);
  return possible ? make(subject, world, random) : create(world, random);
}

/** Only an organization's key: the permissions that a member's key may get depend on other hands. */
function patch(key, world, random) {
  let granted = random.some(world.permissions);
  if (granted.join() === key.granted.join()) granted = granted.length > 1 ? granted.slice(1) : world.permissions;
  return new Operation('patch', key, {
    method: 'PATCH',
    path: `/api_keys/${key.id}`,
    body: { permissions: granted },
    event: 'api_key.updated',
    apply: () => {
      key.granted = granted;
    },
  });
}
