// An outside client's ledger against kill -9: an acknowledged change is there after every restart, in state and in the log;
// any other change is there wholly or not at all.
//
// With several nodes the test kills one of them, or all at once, or PostgreSQL; then it compares the whole state through each node.
//
//   node ledger.mjs --kills 200 [--nodes 2] [--seed 1] [--hands 16]

import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { NoAnswer, Refused } from './lib/api.mjs';
import { Cluster } from './lib/cluster.mjs';
import { nextOperation } from './lib/operations.mjs';
import { Random } from './lib/random.mjs';
import { EventHistory, Reckoning, count } from './lib/reckoning.mjs';
import { Round } from './lib/round.mjs';
import { World } from './lib/world.mjs';

const mostAcknowledgedBefore = 400;
const mostAcknowledgedAfter = 100;
const killedWhileStarting = 0.2;
const longestStartMs = 400;
const retriedAtOnce = 0.5;
const backOffMs = 20;

/** Half the usual: short enough to wait for, long enough for a busy machine. */
const leaseMs = 1000;

/** The targets of kills, of each five times: one node, all of them, or the database under them. */
const strikes = ['node', 'node', 'node', 'all', 'database'];

export async function keepLedger({ kills, nodes = 1, seed = 1, hands = 16, report = () => {} }) {
  const random = new Random(seed);
  const figures = {
    kills: 0,
    strikes: {},
    killsWhileStarting: 0,
    acknowledged: {},
    refused: 0,
    undone: 0,
    unknown: {},
    unknownFoundDone: 0,
    retriedAtOnce: 0,
    retried: 0,
    replayed: 0,
    seenLive: 0,
    verified: { histories: 0, listed: 0, validations: 0, read: 0, events: 0 },
    longestRestartMs: 0,
  };
  const cluster = await Cluster.start({ count: nodes, leaseMs });
  try {
    const world = await World.found(cluster.nodes[0].patient, random);
    const chronicle = new EventHistory();
    await chronicle.catchUp(cluster.nodes);
    for (const subject of [...world.memberships, ...world.roles.values()]) subject.history.push(...chronicle.historyOf(subject.id));
    const reckoning = new Reckoning({ cluster, world, chronicle, random, figures });
    // The hands choose concurrently, in an order that no seed repeats; the choice of targets has randomness of its own.
    const plan = planStrikes(cluster, new Random(seed));
    while (figures.kills < kills) {
      const round = new Round(await newestKey(cluster.nodes[0].patient));
      await storm(round, plan.next().value, { cluster, world, chronicle, reckoning, random, figures, hands });
      await mend(cluster, random, figures);
      await reckoning.settle(round);
      report(figures);
    }
    await reckoning.settleAll();
    figures.verified.events = chronicle.ids.length;
    await Promise.all(cluster.living.map((node) => cluster.killNode(node)));
    figures.chain = await cluster.verifyLog();
    return figures;
  } catch (error) {
    throw new Error(`seed ${seed}, after ${figures.kills} kills: ${error.message}${cluster.remains}`, { cause: error });
  } finally {
    await cluster.dispose();
  }
}

/**
 * The hands work concurrently until a random number of their calls was acknowledged; then the target is killed. They continue on the living
 * nodes while the target restarts, and for some more calls.
 */
async function storm(round, target, { cluster, world, chronicle, reckoning, random, figures, hands }) {
  const acknowledge = (operation, body) => {
    operation.acknowledge(world, body);
    reckoning.note(operation, body);
    count(figures.acknowledged, operation.kind);
    round.touch(operation.subject ?? world.keys.get(body.id));
    round.acknowledged();
  };
  const hand = async () => {
    while (!round.isOver) {
      const operation = nextOperation(world, random);
      if (operation.subject) operation.subject.busy = true;
      const outcome = await perform(operation, { cluster, random, figures, acknowledge });
      if (outcome !== 'done') round.touch(operation.subject);
      if (outcome === 'unknown') {
        round.unknown.push(operation);
        continue;
      }
      if (operation.subject) operation.subject.busy = false;
      if (outcome === 'refused') figures.refused++;
      if (outcome === 'undone') {
        round.undone.push(operation);
        await pause(backOffMs);
      }
    }
  };
  const reader = async () => {
    while (!round.isOver) await follow(random.pick(cluster.living).api, chronicle, round.seenLive);
  };
  const striker = async () => {
    await round.acknowledgements(random.between(1, mostAcknowledgedBefore));
    const down = strike(target, cluster, random);
    if (cluster.living.length === 0) round.end();
    await down;
    if (round.isOver) return;
    await mend(cluster, random, figures);
    await round.acknowledgements(random.between(1, mostAcknowledgedAfter));
  };
  await round.run([...Array.from({ length: hands }, () => hand), reader], striker);
  figures.kills++;
  count(figures.strikes, target);
  figures.seenLive += round.seenLive.length;
}

/** Repeats a call without an answer now and then, at once and through another node: one of the two makes the change, for both. */
async function perform(operation, { cluster, random, figures, acknowledge }) {
  const first = random.pick(cluster.living);
  const outcome = await attempt(operation, first, acknowledge);
  const other = cluster.otherThan(first, random);
  if (outcome !== 'unknown' || !operation.idempotencyKey || !other || other === first || !random.chance(retriedAtOnce)) return outcome;
  figures.retriedAtOnce++;
  // After any answer to the second call, the first may still take effect.
  return (await attempt(operation, other, acknowledge)) === 'done' ? 'done' : 'unknown';
}

async function attempt(operation, node, acknowledge) {
  try {
    const answer = await operation.send(node);
    const outcome = operation.outcome(answer);
    if (outcome === 'done') acknowledge(operation, answer.body);
    return outcome;
  } catch (error) {
    if (error instanceof NoAnswer) return 'unknown';
    throw error;
  }
}

/** Reads the log while it is written. */
async function follow(api, chronicle, seen) {
  try {
    const { data } = await api.get('/events', { after: seen.at(-1) ?? chronicle.ids.at(-1), limit: 50 });
    seen.push(...data.map(({ id }) => id));
  } catch (error) {
    if (error instanceof Refused && error.code === 'unavailable') await pause(backOffMs);
    else if (!(error instanceof NoAnswer)) throw error;
  }
}

async function newestKey(api) {
  const { data } = await api.get('/api_keys', { limit: 1 });
  return data[0]?.id ?? null;
}

/** When this returns, the target no longer counts as living; the promise resolves once it is gone. */
async function strike(target, cluster, random) {
  if (target === 'database') await cluster.loseDatabase(random.chance(0.5));
  else await Promise.all((target === 'all' ? cluster.living : [random.pick(cluster.living)]).map((node) => cluster.killNode(node)));
}

function* planStrikes(cluster, random) {
  for (;;) yield* cluster.isShared ? random.shuffled(strikes) : ['all'];
}

/** Restarts the killed target; now and then kills a node during its start first, at a random moment. */
async function mend(cluster, random, figures) {
  await cluster.mend(async (node) => {
    while (random.chance(killedWhileStarting)) {
      await node.spawn();
      await pause(random.between(0, longestStartMs));
      await cluster.killNode(node);
      figures.killsWhileStarting++;
    }
    const began = performance.now();
    await cluster.startNode(node);
    figures.longestRestartMs = Math.max(figures.longestRestartMs, Math.round(performance.now() - began));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '200' },
      nodes: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      hands: { type: 'string', default: '16' },
    },
  });
  const began = performance.now();
  const figures = await keepLedger({
    kills: Number(values.kills),
    nodes: Number(values.nodes),
    seed: Number(values.seed),
    hands: Number(values.hands),
    report: ({ kills, acknowledged, unknown }) => {
      const sum = (counts) => Object.values(counts).reduce((total, each) => total + each, 0);
      console.error(`${kills} kills: ${sum(acknowledged)} acknowledged, ${sum(unknown)} unanswered, all accounted for`);
    },
  });
  console.log(JSON.stringify({ ...figures, seconds: Math.round((performance.now() - began) / 1000) }, null, 2));
}
