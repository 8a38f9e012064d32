// After each round: every node shows exactly the acknowledged changes, and no change is half there.

import assert from 'node:assert/strict';
import { effective, expectedStatus, expectedValidation } from './model.mjs';
import { all, settle } from './lists.mjs';
import { eachOf } from './until.mjs';

const width = 16;
const replaysPerRound = 20;
const othersPerRound = 300;
const tracked = new Set([
  'api_key.created',
  'api_key.updated',
  'api_key.revoked',
  'api_key.expired',
  'api_key.rotated',
  'api_key.suspended',
  'api_key.resumed',
  'organization_membership.updated',
  'role.updated',
]);

const sorted = (items) => [...items].sort();

/** The log as the outside client has read it so far, and its events by subject. */
export class EventHistory {
  ids = [];
  histories = new Map();
  createdByName = new Map();

  /** Reads on from the last event seen, through every node; returns the new ones. */
  async catchUp(nodes) {
    await Promise.all(nodes.map(({ patient }) => settle(patient)));
    const since = this.ids.length > 0 ? { after: this.ids.at(-1) } : {};
    const [fresh, ...others] = await Promise.all(nodes.map(({ patient }) => all(patient, '/events', since)));
    for (const other of others) assert.deepEqual(other, fresh, 'the log, as two nodes show it');
    for (const { id, event, data } of fresh) {
      this.ids.push(id);
      if (!tracked.has(event)) continue;
      const subject = event.startsWith('role.') ? data.slug : data.id;
      this.historyOf(subject).push(event);
      if (event === 'api_key.created') {
        assert.ok(!this.createdByName.has(data.name), `two keys were created for one intent: ${data.name}`);
        this.createdByName.set(data.name, data.id);
      }
    }
    return fresh;
  }

  historyOf(subject) {
    if (!this.histories.has(subject)) this.histories.set(subject, []);
    return this.histories.get(subject);
  }

  /** Reads the whole log anew, in pages of any size and in both directions: it shows the same events in the same order. */
  async assertExact(api) {
    for (const limit of [100, 37])
      assert.deepEqual(
        (await all(api, '/events', { limit })).map(({ id }) => id),
        this.ids,
        `the log, read in pages of ${limit}`,
      );
    assert.deepEqual(
      (await all(api, '/events', { order: 'desc' })).map(({ id }) => id),
      this.ids.toReversed(),
      'the log, read backwards',
    );
    assert.equal(new Set(this.ids).size, this.ids.length, 'an event came twice');
  }
}

export class Reckoning {
  constructor({ cluster, world, chronicle, random, figures }) {
    Object.assign(this, { cluster, world, chronicle, random, figures, replayable: [] });
  }

  /** Notes an acknowledged operation, so that it can be replayed. */
  note(operation, body) {
    if (operation.idempotencyKey) this.replayable.push({ operation, id: body.id, value: body.value });
  }

  /** One round's end: `seenLive` are the ids that a reader followed, `mark` is the newest key before the round. */
  async settle({ unknown, undone, touched, seenLive, mark }) {
    const { nodes } = this.cluster;
    const fresh = await this.chronicle.catchUp(nodes);
    assert.deepEqual(
      fresh.slice(0, seenLive.length).map(({ id }) => id),
      seenLive,
      'an event that was seen before the kill is gone or moved',
    );
    for (const operation of undone) this.#assertUndone(operation);
    for (const operation of unknown) await this.#resolve(operation, touched);
    await this.#replay();
    await this.chronicle.catchUp(nodes);
    for (const subject of touched) this.#assertHistory(subject);
    const others = Array.from({ length: othersPerRound }, () => this.random.pick([...this.world.keys.values()])).filter(Boolean);
    const keys = new Set([...this.world.dependentsOf(touched), ...others]);
    for (const { patient } of nodes) await this.#assertState(patient, mark, keys);
  }

  /** The end of the run: everything, from the beginning. */
  async settleAll() {
    const { nodes } = this.cluster;
    await this.chronicle.catchUp(nodes);
    for (const subject of [...this.world.keys.values(), ...this.world.memberships, ...this.world.roles.values()])
      this.#assertHistory(subject);
    for (const { patient } of nodes) {
      await this.chronicle.assertExact(patient);
      await this.#assertState(patient, null, new Set(this.world.keys.values()));
    }
  }

  /** "Nothing was changed" is true. For a operation on a subject, the subject's history shows it. */
  #assertUndone({ subject, name }) {
    if (!subject) assert.ok(!this.chronicle.createdByName.has(name), `${name} was made, though the answer was that nothing was changed`);
    this.figures.undone++;
  }

  /** Finds out whether a operation without an answer was done, wholly, or not at all. */
  async #resolve(operation, touched) {
    const done = operation.subject ? this.#wasDone(operation) : this.chronicle.createdByName.has(operation.name);
    count(this.figures.unknown, operation.kind);
    this.figures.unknownFoundDone += done ? 1 : 0;
    if (operation.idempotencyKey && (done || this.random.chance(0.5))) await this.#retry(operation, done, touched);
    else if (done) operation.acknowledge(this.world, null);
    if (operation.subject) operation.subject.busy = false;
  }

  #wasDone({ kind, subject, event }) {
    const history = this.chronicle.historyOf(subject.id);
    if (history.length === subject.history.length) return false;
    assert.deepEqual(history, [...subject.history, event], `${subject.id} after an unanswered ${kind}`);
    return true;
  }

  /** A repeated call creates the missing resource, or returns the existing one; its value is good either way. */
  async #retry(operation, done, touched) {
    this.figures.retried++;
    const answer = await this.#again(operation);
    if (operation.outcome(answer) === 'refused') {
      assert.ok(!done, `${operation.name} was made, yet its retry was refused: ${answer.text}`);
      return;
    }
    assert.ok(answer.body.value, 'a retried call gives the value');
    const id = operation.subject?.id ?? (done ? this.chronicle.createdByName.get(operation.name) : answer.body.id);
    assert.equal(answer.body.id, id, 'a retried call gives the same key');
    operation.acknowledge(this.world, answer.body);
    this.note(operation, answer.body);
    touched.add(operation.subject ?? this.world.keys.get(id));
  }

  /** The same call, through another node than the last time, where there is another. */
  #again(operation) {
    const node = this.cluster.otherThan(operation.node, this.random);
    return operation.send(node, node.patient);
  }

  async #replay() {
    const sample = this.random.shuffled(this.replayable.slice(-2000)).slice(0, replaysPerRound);
    await eachOf(sample, width, async ({ operation, id, value }) => {
      const { status, body, text } = await this.#again(operation);
      assert.ok(status === 200 || status === 201, `a replay was answered ${status} ${text}`);
      assert.deepEqual([body.id, body.value], [id, value], 'a replay gives the same key and the same value');
      this.figures.replayed++;
    });
  }

  #assertHistory(subject) {
    assert.deepEqual(this.chronicle.historyOf(subject.id), subject.history, `the events of ${subject.id} are those that were acknowledged`);
    this.figures.verified.histories++;
  }

  async #assertState(api, mark, keys) {
    await this.#assertList(api, mark);
    await this.#assertKeys(api, keys);
    await this.#assertOwners(api);
  }

  /** Keys exist if and only if their creation is in the log, and they read as they were left. */
  async #assertList(api, mark) {
    const listed = await all(api, '/api_keys', { order: 'asc', ...(mark && { after: mark }) });
    const logged = [...this.chronicle.createdByName.values()].filter((id) => mark === null || id > mark);
    assert.deepEqual(sorted(listed.map(({ id }) => id)), sorted(logged), 'keys in the list and creations in the log');
    for (const shown of listed) {
      const key = this.world.keys.get(shown.id);
      assert.ok(key, `${shown.id} was made by no call that was acknowledged or resolved`);
      this.#assertShown(shown, key);
    }
    this.figures.verified.listed += listed.length;
  }

  #assertShown(shown, key) {
    assert.equal(shown.name, key.name);
    assert.equal(shown.status, expectedStatus(key), `the status of ${key.id}`);
    assert.deepEqual(sorted(shown.permissions), sorted(key.granted), `the permissions of ${key.id}`);
    assert.deepEqual(
      sorted(shown.effective_permissions),
      sorted(effective(key, this.world.roles)),
      `the effective permissions of ${key.id}`,
    );
  }

  async #assertKeys(api, keys) {
    const secrets = [...keys].flatMap((key) => key.secrets.map((secret) => ({ key, ...secret })));
    const results = await api.validateAll(secrets.map(({ value }) => value));
    secrets.forEach(({ key, live }, i) => this.#assertValidation(key, live, results[i]));
    const read = this.random.shuffled([...keys]).slice(0, othersPerRound);
    await eachOf(read, width, async (key) => this.#assertShown(await api.get(`/api_keys/${key.id}`), key));
    this.figures.verified.validations += secrets.length;
    this.figures.verified.read += read.length;
  }

  #assertValidation(key, live, { api_key: shown, decision }) {
    const expected = expectedValidation(key, this.world.roles);
    assert.equal(
      decision.allow,
      live && expected.allow,
      `a validation of ${key.id}: ${JSON.stringify(decision)}, expected ${JSON.stringify(expected)}`,
    );
    if (live) assert.equal(decision.code, expected.code, `a validation of ${key.id}`);
    if (decision.allow) {
      assert.equal(shown.id, key.id);
      assert.deepEqual(sorted(shown.permissions), sorted(expected.permissions), `what ${key.id} may do`);
    }
  }

  async #assertOwners(api) {
    await eachOf(this.world.memberships, width, async (membership) => {
      const shown = await api.get(`/user_management/organization_memberships/${membership.id}`);
      assert.equal(shown.status, membership.active ? 'active' : 'inactive', membership.id);
      assert.equal(shown.role.slug, membership.role, membership.id);
    });
    for (const role of this.world.roles.values())
      assert.deepEqual(sorted((await api.get(`/authorization/roles/${role.id}`)).permissions), sorted(role.permissions), role.id);
  }
}

export function count(counts, kind) {
  counts[kind] = (counts[kind] ?? 0) + 1;
}
