// A traversal of a list shows each item that existed throughout exactly once, while other items are created and deleted.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { all, pages } from './lib/lists.mjs';
import { Random } from './lib/random.mjs';
import { newEnvironment, newMembership, newOrganization, newOrganizationKey, newUser, uniqueSlug } from './lib/scene.mjs';
import { Server } from './lib/server.mjs';
import { eachOf } from './lib/until.mjs';

const mostPages = 10_000;

let server;

before(async () => {
  server = await Server.start();
});

after(() => server?.dispose());

/** Follows `before` cursors from `start` to the first page. */
async function* pagesBefore(api, path, query, start) {
  let cursor = start;
  for (let page = 0; page < mostPages; page++) {
    const list = await api.get(path, { ...query, before: cursor });
    yield list;
    if (list.list_metadata.before === null) return;
    cursor = list.list_metadata.before;
  }
  throw new Error(`The list ${path} has no beginning.`);
}

/** The ids that the pages show. A traversal towards the newest item, while new ones are added, ends at `newest` or beyond. */
async function idsOf(pageStream, newest = null) {
  const ids = [];
  for await (const page of pageStream) {
    ids.push(...page.data.map(({ id }) => id));
    if (newest && page.data.some(({ id }) => id >= newest)) return ids;
  }
  return ids;
}

/** Creates and deletes items until it is stopped. Items given as `doomed` are among those deleted. */
class Churn {
  #stopped = false;
  #running;
  made = 0;
  deleted = 0;

  constructor({ create, remove, doomed }) {
    const own = [...doomed];
    const lane = async () => {
      while (!this.#stopped) {
        own.push(await create());
        this.made++;
        await remove(own.shift());
        this.deleted++;
      }
    };
    this.#running = Promise.all([lane(), lane(), lane()]);
    this.#running.catch(() => {});
  }

  async stop() {
    this.#stopped = true;
    await this.#running;
  }
}

/** Lists of the API, with the creation and the deletion of their items. A list's items live under an owner of their own. */
const lists = [
  {
    name: 'keys of an organization',
    async prepare() {
      const organization = await newOrganization(server.api);
      return {
        path: `/organizations/${organization.id}/api_keys`,
        create: () => newOrganizationKey(server.api, organization),
        remove: ({ id }) => server.api.delete(`/api_keys/${id}`),
      };
    },
  },
  {
    name: 'organizations',
    async prepare() {
      const name = `Searched ${randomUUID()}`;
      return {
        path: '/organizations',
        query: { search: name },
        create: () => newOrganization(server.api, { name }),
        remove: ({ id }) => server.api.delete(`/organizations/${id}`),
      };
    },
  },
  {
    name: 'memberships of an organization',
    async prepare() {
      const organization = await newOrganization(server.api);
      return {
        path: '/user_management/organization_memberships',
        query: { organization_id: organization.id },
        create: async () => newMembership(server.api, organization, await newUser(server.api)),
        remove: ({ id }) => server.api.delete(`/user_management/organization_memberships/${id}`),
      };
    },
  },
  {
    name: 'users of an organization',
    async prepare() {
      const organization = await newOrganization(server.api);
      return {
        path: '/user_management/users',
        query: { organization_id: organization.id },
        async create() {
          const user = await newUser(server.api);
          await newMembership(server.api, organization, user);
          return user;
        },
        remove: ({ id }) => server.api.delete(`/user_management/users/${id}`),
      };
    },
  },
  {
    name: 'permissions',
    async prepare() {
      const create = () => {
        const slug = uniqueSlug('listed');
        return server.api.post('/authorization/permissions', { slug, name: slug });
      };
      return { path: '/authorization/permissions', create, remove: ({ slug }) => server.api.delete(`/authorization/permissions/${slug}`) };
    },
  },
  {
    name: 'management keys',
    async prepare() {
      return {
        path: '/management_keys',
        create: () => server.api.post('/management_keys', { name: 'Listed', rights: ['keys:read'] }),
        remove: ({ id }) => server.api.delete(`/management_keys/${id}`),
      };
    },
  },
];

const steady = 60;
const doomed = 60;
// Without an order, as with desc, the newest come first.
const ways = [
  ['desc', (order) => ({ order })],
  ['asc', (order) => ({ order })],
  ['normal', (order) => ({ order })],
  ['desc', () => ({})],
];

describe('under concurrent creations and deletions', () => {
  for (const { name, prepare } of lists) {
    test(`a traversal of ${name} shows each item that existed throughout exactly once, in every order, direction and page size`, async () => {
      const list = await prepare();
      const items = await eachOf(Array.from({ length: steady + doomed }), 8, () => list.create());
      const random = new Random(7);
      const fates = random.shuffled(items);
      const kept = new Set(fates.slice(0, steady).map(({ id }) => id));
      const newest = [...kept].sort().at(-1);
      const churn = new Churn({ ...list, doomed: fates.slice(steady) });
      try {
        for (const limit of [1, 7, 50, 100]) {
          for (const [order, queryOf] of ways) {
            const query = { ...list.query, ...queryOf(order), limit };
            const label = `${name}, ${JSON.stringify(query)}`;
            const [there, back] = order === 'asc' ? [newest, null] : [null, newest];
            assertExact(await idsOf(forward(list.path, query), there), kept, order, `${label}, forward`);
            assertExact(await idsOf(backward(list.path, query), back), kept, null, `${label}, backward`);
          }
        }
      } finally {
        await churn.stop();
      }
      assert.ok(churn.made > 20 && churn.deleted > 20, 'nothing happened meanwhile');
    });
  }
});

/** From the newest to the oldest (or the reverse, for asc). `normal` has its cursors' meaning reversed. */
function forward(path, query) {
  return query.order === 'normal' ? pagesBefore(server.api, path, query) : pages(server.api, path, query);
}

/** From beyond the far end back to the near one. */
async function* backward(path, query) {
  const ascending = query.order === 'asc';
  const end = (await server.api.get(path, { ...query, limit: 1, order: ascending ? 'desc' : 'asc' })).data[0].id;
  yield { data: [{ id: end }] };
  if (query.order === 'normal') yield* pages(server.api, path, { ...query, after: end });
  else yield* pagesBefore(server.api, path, query, end);
}

function assertExact(seen, kept, order, label) {
  const distinct = new Set(seen);
  assert.equal(seen.length, distinct.size, `${label}: an item came twice`);
  assert.deepEqual(
    [...kept].filter((id) => !distinct.has(id)),
    [],
    `${label}: an item that existed throughout was not shown`,
  );
  if (order) {
    const sorted = [...seen].sort();
    assert.deepEqual(seen, order === 'asc' ? sorted : sorted.reverse(), `${label}: out of order`);
  }
}

describe('pages', () => {
  test('the first page has no before, the last no after, and the cursors lead from one to the next and back', async () => {
    const organization = await newOrganization(server.api);
    const path = `/organizations/${organization.id}/api_keys`;
    for (let i = 0; i < 5; i++) await newOrganizationKey(server.api, organization);
    const whole = await server.api.get(path, { limit: 5 });
    assert.deepEqual(whole.list_metadata, { before: null, after: null });
    const ids = whole.data.map(({ id }) => id);
    assert.deepEqual(ids, [...ids].sort().reverse());

    const first = await server.api.get(path, { limit: 2 });
    assert.deepEqual(
      first.data.map(({ id }) => id),
      ids.slice(0, 2),
    );
    assert.equal(first.list_metadata.before, null);
    const second = await server.api.get(path, { limit: 2, after: first.list_metadata.after });
    assert.deepEqual(
      second.data.map(({ id }) => id),
      ids.slice(2, 4),
    );
    const third = await server.api.get(path, { limit: 2, after: second.list_metadata.after });
    assert.deepEqual(
      third.data.map(({ id }) => id),
      ids.slice(4),
    );
    assert.equal(third.list_metadata.after, null);
    const back = await server.api.get(path, { limit: 2, before: second.list_metadata.before });
    assert.deepEqual(
      back.data.map(({ id }) => id),
      ids.slice(0, 2),
    );
    assert.equal(back.list_metadata.before, null);
  });

  test('without a limit a page has ten items', async () => {
    const organization = await newOrganization(server.api);
    await eachOf(Array.from({ length: 12 }), 4, () => newOrganizationKey(server.api, organization));
    assert.equal((await server.api.get(`/organizations/${organization.id}/api_keys`)).data.length, 10);
  });

  test('an empty list has neither data nor cursors', async () => {
    const organization = await newOrganization(server.api);
    const list = await server.api.get(`/organizations/${organization.id}/api_keys`);
    assert.deepEqual(list, { object: 'list', data: [], list_metadata: { before: null, after: null } });
  });
});

describe('cursors', () => {
  test('the cursor of a deleted item goes on working, both ways and in both orders', async () => {
    const organization = await newOrganization(server.api);
    const keys = [];
    for (let i = 0; i < 5; i++) keys.push(await newOrganizationKey(server.api, organization));
    const ids = keys.map(({ id }) => id).sort();
    await server.api.delete(`/api_keys/${ids[2]}`);
    const path = `/organizations/${organization.id}/api_keys`;
    const list = async (query) => (await server.api.get(path, query)).data.map(({ id }) => id);
    assert.deepEqual(await list({ after: ids[2] }), [ids[1], ids[0]]);
    assert.deepEqual(await list({ before: ids[2] }), [ids[4], ids[3]]);
    assert.deepEqual(await list({ after: ids[2], order: 'asc' }), [ids[3], ids[4]]);
    assert.deepEqual(await list({ before: ids[2], order: 'asc' }), [ids[0], ids[1]]);
    assert.deepEqual(await list({ before: ids[2], order: 'normal' }), [ids[1], ids[0]]);
    assert.deepEqual(await list({ after: ids[2], order: 'normal' }), [ids[4], ids[3]]);
  });

  test('the cursor of a deleted organization, user or membership goes on working', async () => {
    const organization = await newOrganization(server.api);
    const user = await newUser(server.api);
    const membership = await newMembership(server.api, organization, user);
    const deleted = [
      [`/user_management/organization_memberships/${membership.id}`, '/user_management/organization_memberships', membership.id],
      [`/user_management/users/${user.id}`, '/user_management/users', user.id],
      [`/organizations/${organization.id}`, '/organizations', organization.id],
    ];
    for (const [item, path, cursor] of deleted) {
      await server.api.delete(item);
      for (const way of ['after', 'before'])
        assert.equal((await server.api.call('GET', path, undefined, { query: { [way]: cursor } })).status, 200, `${way} ${cursor}`);
    }
  });

  test('a cursor of another environment, or of another kind, is refused as invalid_cursor', async () => {
    const mine = await newOrganization(server.api);
    const myKey = await newOrganizationKey(server.api, mine);
    const myUser = await newUser(server.api);
    const myMembership = await newMembership(server.api, mine, myUser);
    const { api: other } = await newEnvironment(server.api);
    const theirs = await newOrganization(other);
    const foreign = [
      ['/organizations', mine.id],
      ['/user_management/users', myUser.id],
      ['/user_management/organization_memberships', myMembership.id],
      [`/organizations/${theirs.id}/api_keys`, myKey.id],
      ['/api_keys', myKey.id],
      ['/api_keys', theirs.id],
      ['/organizations', (await newUser(other)).id],
    ];
    for (const [path, cursor] of foreign) {
      for (const way of ['after', 'before']) {
        const answer = await other.call('GET', path, undefined, { query: { [way]: cursor } });
        assert.equal(answer.status, 422, `${path}?${way}=${cursor}: ${answer.text}`);
        assert.deepEqual(
          answer.body.errors.map(({ field, code }) => ({ field, code })),
          [{ field: way, code: 'invalid_cursor' }],
        );
      }
    }
  });

  test("an event's cursor of another environment is refused", async () => {
    await newOrganization(server.api);
    const {
      data: [event],
    } = await server.api.get('/events', { limit: 1, order: 'desc' });
    const { api: other } = await newEnvironment(server.api);
    const answer = await other.call('GET', '/events', undefined, { query: { after: event.id } });
    assert.equal(answer.status, 422, answer.text);
    assert.equal(answer.body.errors[0].code, 'invalid_cursor');
  });
});

describe('events', () => {
  const enough = 150;

  test('a reader that follows the log while it is written sees every event once, in the order that a later reader sees', async () => {
    const organization = await newOrganization(server.api);
    const start = (await server.api.get('/events', { limit: 1, order: 'desc' })).data[0].id;
    const churn = new Churn({
      create: () => newOrganizationKey(server.api, organization),
      remove: ({ id }) => server.api.delete(`/api_keys/${id}`),
      doomed: [],
    });
    const followers = [1, 9, 100].map((limit) => ({ limit, seen: [], cursor: start }));
    const follow = async (follower) => {
      const list = await server.api.get('/events', { limit: follower.limit, after: follower.cursor });
      follower.seen.push(...list.data.map(({ id }) => id));
      follower.cursor = follower.seen.at(-1) ?? start;
      return list.data.length;
    };
    while (followers[0].seen.length < enough) await Promise.all(followers.map(follow));
    await churn.stop();
    // Events of receipts come a little later than the changes: later items are not compared.
    const ids = (await all(server.api, '/events', { after: start })).map(({ id }) => id);
    for (const follower of followers) while ((await follow(follower)) > 0);
    assert.ok(ids.length >= enough);
    assert.equal(new Set(ids).size, ids.length);
    for (const { limit, seen } of followers) {
      assert.deepEqual(seen.slice(0, ids.length), ids, `limit ${limit}`);
      assert.equal(new Set(seen).size, seen.length, `limit ${limit}`);
    }
    const back = (await all(server.api, '/events', { order: 'desc' })).map(({ id }) => id);
    const last = back.indexOf(ids.at(-1));
    assert.deepEqual(back.slice(last, last + ids.length), ids.toReversed());
  });
});
