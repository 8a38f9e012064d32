// The resources that the ledger's hands work on.

import { Membership, Role } from './model.mjs';
import { newOrganization, newMembership, newPermission, newRole, newUser } from './scene.mjs';
import { eachOf } from './until.mjs';

const organizationCount = 3;
const membershipCount = 12;
const permissionCount = 6;
const roleCount = 3;
const openKeysOffered = 8;

export class World {
  keys = new Map();
  roles = new Map();
  #open = [];

  static async found(api, random) {
    const world = new World();
    const many = (count, make) => eachOf(Array.from({ length: count }), 8, make);
    world.permissions = await many(permissionCount, () => newPermission(api));
    world.organizations = await many(organizationCount, () => newOrganization(api));
    for (let i = 0; i < roleCount; i++) {
      const permissions = random.some(world.permissions);
      const slug = await newRole(api, permissions);
      world.roles.set(slug, new Role(slug, permissions));
    }
    const owners = Array.from({ length: membershipCount }, () => ({
      organization: random.pick(world.organizations),
      role: random.pick([...world.roles.keys()]),
    }));
    world.memberships = await eachOf(owners, 8, async ({ organization, role }) => {
      const user = await newUser(api);
      return new Membership(await newMembership(api, organization, user, role), { user, organization, role });
    });
    return world;
  }

  addKey(key) {
    if (this.keys.has(key.id)) throw new Error(`Two creations made one key: ${key.id}`);
    this.keys.set(key.id, key);
    this.#open.push(key);
  }

  /** A few keys that have not ended, chosen at random; ended keys are dropped on the way. */
  openKeys(random) {
    const offered = [];
    for (let tries = 0; tries < openKeysOffered && this.#open.length > 0; tries++) {
      const i = random.between(0, this.#open.length - 1);
      if (this.#open[i].open) offered.push(this.#open[i]);
      else ((this.#open[i] = this.#open.at(-1)), this.#open.pop());
    }
    return offered;
  }

  /** Keys whose validation may differ since these subjects changed. */
  dependentsOf(subjects) {
    const roles = new Set([...subjects].filter((subject) => subject instanceof Role).map(({ id }) => id));
    const memberships = new Set(this.memberships.filter((membership) => subjects.has(membership) || roles.has(membership.role)));
    return [...this.keys.values()].filter((key) => subjects.has(key) || memberships.has(key.membership));
  }
}
