// Validators in other processes against changes in this one: an answer to a validation that began after a change's call had
// returned must not be from the state before it. Both sides read one clock, the system's monotonic one.
//
// With several nodes each change goes through another node than the change before it; all nodes validate it.
//
//   node race.mjs --validations 1e7 [--nodes 2] [--validators 2] [--seed 1]
//   node race.mjs --validations 2e5 --expect-violations    against the server with the planted bug that WARDER_MUTANT names

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { answered, batchRequest, gives } from './lib/validations.mjs';
import { changes } from './lib/changes.mjs';
import { Cluster } from './lib/cluster.mjs';
import { Random } from './lib/random.mjs';
import { planted } from './lib/server.mjs';
import { Tape, judge } from './lib/tape.mjs';
import { eachOf, until } from './lib/until.mjs';
import { Wire, monotonic, request } from './lib/wire.mjs';

const eachKindPerRound = 3;
const passesBefore = 2;
const passesAfter = 2;
const progressWithinMs = 60_000;

class Validator {
  #node = null;
  #process = fork(fileURLToPath(new URL('./lib/validator.mjs', import.meta.url)), { serialization: 'advanced' });
  #failed = null;
  #record = null;
  passes = 0;
  validations = 0;

  constructor() {
    this.#process.on('message', (message) => {
      if (message.type === 'failed') this.#failed = new Error(`A validator failed: ${message.error}`);
      else if (message.type === 'record') this.#record = message;
      else Object.assign(this, { passes: message.passes, validations: message.validations });
    });
    this.#process.on('exit', () => {
      this.#failed ??= new Error('A validator ended.');
    });
  }

  begin(node, targets) {
    this.#node = node;
    this.#record = null;
    this.passes = 0;
    this.validations = 0;
    this.#process.send({ type: 'round', port: node.port, key: node.key, targets });
  }

  /** Waits until the validator has made that many more passes over all targets. */
  async afterPasses(count) {
    const goal = this.passes + count;
    await this.#progress(`${count} passes of a validator`, () => this.passes > goal);
  }

  async afterValidations(count) {
    await this.#progress(`${count} validations of a validator`, () => this.validations >= count);
  }

  #progress(what, done) {
    return until(
      what,
      () => {
        if (this.#failed) throw this.#failed;
        this.#process.send({ type: 'progress' });
        return done();
      },
      progressWithinMs,
    );
  }

  async finish() {
    this.#process.send({ type: 'finish' });
    const record = await until(
      "a validator's record",
      () => {
        if (this.#failed) throw this.#failed;
        return this.#record;
      },
      progressWithinMs,
    );
    return { ...record, node: this.#node };
  }

  end() {
    this.#process.removeAllListeners('exit');
    this.#process.kill('SIGKILL');
  }
}

/** Races until that many validations were made; returns the figures. */
export async function race(
  { validations, nodes = 1, perRound = 50_000, validators = 2, seed = 1, lateMs, program, env, report = () => {} }) {
  if (validators < nodes) throw new Error(`${validators} validators cannot watch ${nodes} nodes.`);
  const random = new Random(seed);
  const figures = {
    rounds: 0,
    changes: 0,
    validations: 0,
    batches: 0,
    singles: 0,
    afterReturn: 0,
    violations: 0,
    byKind: {},
    latestViolationMs: 0,
    neverAsBefore: 0,
  };
  const cluster = await Cluster.start({ count: nodes, lateMs, program, env });
  const crew = Array.from({ length: validators }, () => new Validator());
  try {
    while (figures.validations < validations) {
      const quota = Math.min(perRound, validations - figures.validations);
      addUp(figures, await runRound(cluster, crew, random, Math.ceil(quota / validators)));
      report(figures);
    }
  } catch (error) {
    throw new Error(`${error.message}${cluster.remains}`, { cause: error });
  } finally {
    crew.forEach((validator) => validator.end());
    await cluster.dispose();
  }
  return figures;
}

async function runRound({ nodes }, crew, random, quota) {
  const kinds = Object.keys(changes).flatMap((kind) => Array(eachKindPerRound).fill(kind));
  const prepared = await eachOf(random.shuffled(kinds), 8, async (kind, i) => ({ kind, ...(await changes[kind](turn(nodes, i).patient)) }));
  const targets = prepared.flatMap((change) => change.targets.map((target) => ({ ...target, change })));
  crew.forEach((validator, i) =>
    validator.begin(
      turn(nodes, i),
      targets.map(({ value, watched }) => ({ value, watched })),
    ),
  );
  await Promise.all(crew.map((validator) => validator.afterPasses(passesBefore)));
  const own = await makeChanges(nodes, prepared, targets);
  await Promise.all(
    crew.map(async (validator) => {
      await validator.afterPasses(passesAfter);
      await validator.afterValidations(quota);
    }),
  );
  const records = [own, ...(await Promise.all(crew.map((validator) => validator.finish())))];
  return judgeRound(
    nodes,
    records,
    targets.map(({ change }) => change),
    prepared.length,
  );
}

/** Each node in turn. */
const turn = (nodes, i) => nodes[i % nodes.length];

/**
 * Makes the changes one by one and notes, for each, the time of its call and of its answer's first byte. Right after that, it validates the
 * change's targets itself at the next node, where there is one: this is the tightest race.
 */
async function makeChanges(nodes, prepared, targets) {
  const connect = () => Promise.all(nodes.map(({ port }) => Wire.connect(port)));
  const [wires, ownWires] = [await connect(), await connect()];
  const tape = new Tape();
  for (const [i, change] of prepared.entries()) {
    const [method, path, body] = change.call;
    const [{ key }] = nodes;
    const bytes = request(method, path, { key, body: body && JSON.stringify(body) });
    const question = batchRequest(
      key,
      change.targets.map(({ value }) => value),
    );
    change.calledAt = monotonic();
    const answer = await turn(wires, i).exchange(bytes);
    change.returnedAt = answer.firstByteAt;
    const startedAt = monotonic();
    const { results } = answered(await turn(ownWires, i + 1).exchange(question));
    if (answer.status < 200 || answer.status > 299) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    const first = targets.findIndex((target) => target.change === change);
    results.forEach((result, place) => tape.add(startedAt, first + place, gives(targets[first + place], result)));
  }
  for (const wire of [...wires, ...ownWires]) wire.close();
  return { ...tape.record(), batches: tape.length, singles: 0 };
}

function judgeRound(nodes, records, changeOfTarget, changeCount) {
  const warm = new Map(nodes.map((node) => [node, new Uint8Array(changeOfTarget.length)]));
  const round = {
    rounds: 1,
    changes: changeCount,
    validations: 0,
    batches: 0,
    singles: 0,
    afterReturn: 0,
    violations: 0,
    byKind: {},
    latestViolationMs: 0,
    neverAsBefore: 0,
  };
  for (const record of records) {
    const count = judge(record, changeOfTarget, warm.get(record.node));
    addUp(round, { ...count, latestViolationMs: count.latestNs / 1e6, batches: record.batches, singles: record.singles });
  }
  for (const onNode of warm.values()) round.neverAsBefore += onNode.filter((was) => !was).length;
  return round;
}

function addUp(total, part) {
  for (const name of ['rounds', 'changes', 'validations', 'batches', 'singles', 'afterReturn', 'violations', 'neverAsBefore'])
    total[name] += part[name] ?? 0;
  for (const [kind, count] of Object.entries(part.byKind)) total.byKind[kind] = (total.byKind[kind] ?? 0) + count;
  total.latestViolationMs = Math.max(total.latestViolationMs, part.latestViolationMs);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      validations: { type: 'string', default: '1e7' },
      nodes: { type: 'string', default: '1' },
      validators: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
      'expect-violations': { type: 'boolean', default: false },
    },
  });
  const began = performance.now();
  const figures = await race({
    validations: Number(values.validations),
    nodes: Number(values.nodes),
    validators: Number(values.validators),
    seed: Number(values.seed),
    program: values['expect-violations'] ? planted : undefined,
    report: ({ rounds, validations, afterReturn, violations }) => {
      if (rounds % 10 === 0)
        console.error(`round ${rounds}: ${validations} validations, ${afterReturn} begun after the return, ${violations} violations`);
    },
  });
  console.log(JSON.stringify({ ...figures, seconds: Math.round((performance.now() - began) / 1000) }, null, 2));
  const sound = figures.violations === 0 && figures.neverAsBefore === 0;
  process.exitCode = (values['expect-violations'] ? figures.violations > 0 : sound) ? 0 : 1;
}
