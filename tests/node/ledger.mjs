// An outside client's ledger against kill -9: what was acknowledged is there after every restart, in state and in the log;
// what was not is there wholly or not at all.
//
//   node ledger.mjs --kills 200 [--seed 1] [--hands 16]

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { NoAnswer } from './lib/api.mjs';
import { nextDeed } from './lib/deeds.mjs';
import { Random } from './lib/random.mjs';
import { Chronicle, Reckoning, count } from './lib/reckoning.mjs';
import { Server, run } from './lib/server.mjs';
import { World } from './lib/world.mjs';

const mostAcknowledgedPerRound = 400;
const killedWhileStarting = 0.2;
const longestStartMs = 400;

export async function keepLedger({ kills, seed = 1, hands = 16, report = () => {} }) {
  const random = new Random(seed);
  const figures = {
    kills: 0,
    killsWhileStarting: 0,
    acknowledged: {},
    refused: 0,
    unknown: {},
    unknownFoundDone: 0,
    retried: 0,
    replayed: 0,
    seenLive: 0,
    verified: { histories: 0, listed: 0, validations: 0, read: 0, events: 0 },
    longestRestartMs: 0,
  };
  const server = await Server.start();
  try {
    const world = await World.found(server.api, random);
    const chronicle = new Chronicle();
    await chronicle.catchUp(server.api);
    for (const subject of [...world.memberships, ...world.roles.values()]) subject.history.push(...chronicle.historyOf(subject.id));
    const reckoning = new Reckoning({ world, chronicle, random, figures });
    while (figures.kills < kills) {
      const round = await storm(server, { world, chronicle, reckoning, random, figures, hands });
      await restart(server, random, figures);
      await reckoning.settle(server.api, round);
      report(figures);
    }
    await reckoning.settleAll(server.api);
    figures.verified.events = chronicle.ids.length;
    await server.kill();
    figures.chain = await verifyChain(server.data);
    return figures;
  } catch (error) {
    throw new Error(`seed ${seed}, after ${figures.kills} kills: ${error.message}${server.remains}`, { cause: error });
  } finally {
    await server.dispose();
  }
}

/** Hands work at once until a random number of their calls was acknowledged; then the server is killed under them. */
async function storm(server, { world, chronicle, reckoning, random, figures, hands }) {
  const round = { unknown: [], touched: new Set(), seenLive: [], mark: await newestKey(server.api) };
  let fuse = random.between(1, mostAcknowledgedPerRound);
  let killed = null;
  const acknowledge = (deed, body) => {
    deed.acknowledge(world, body);
    reckoning.note(deed, body);
    count(figures.acknowledged, deed.kind);
    round.touched.add(deed.subject ?? world.keys.get(body.id));
    if (--fuse === 0) killed = server.kill();
  };
  const hand = async () => {
    while (!killed) {
      const deed = nextDeed(world, random);
      if (deed.subject) deed.subject.busy = true;
      const outcome = await perform(server.api, deed, acknowledge);
      if (outcome === 'unknown') {
        round.unknown.push(deed);
        if (deed.subject) round.touched.add(deed.subject);
        continue;
      }
      figures.refused += outcome === 'refused' ? 1 : 0;
      if (deed.subject) deed.subject.busy = false;
    }
  };
  const reader = async () => {
    while (!killed) await follow(server.api, chronicle, round.seenLive);
  };
  try {
    await Promise.all([...Array.from({ length: hands }, hand), reader()]);
  } finally {
    killed ??= server.kill();
    await killed;
  }
  figures.kills++;
  figures.seenLive += round.seenLive.length;
  return round;
}

async function perform(api, deed, acknowledge) {
  try {
    const answer = await deed.send(api);
    const outcome = deed.outcome(answer);
    if (outcome === 'done') acknowledge(deed, answer.body);
    return outcome;
  } catch (error) {
    if (error instanceof NoAnswer) return 'unknown';
    throw error;
  }
}

/** Reads the log on while it is written. */
async function follow(api, chronicle, seen) {
  try {
    const { data } = await api.get('/events', { after: seen.at(-1) ?? chronicle.ids.at(-1), limit: 50 });
    seen.push(...data.map(({ id }) => id));
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
}

async function newestKey(api) {
  const { data } = await api.get('/api_keys', { limit: 1 });
  return data[0]?.id ?? null;
}

/** Starts the server again; now and then it is killed on its way up first, at a random moment. */
async function restart(server, random, figures) {
  while (random.chance(killedWhileStarting)) {
    await server.spawn();
    await pause(random.between(0, longestStartMs));
    await server.kill();
    figures.kills++;
    figures.killsWhileStarting++;
  }
  const began = performance.now();
  await server.start();
  figures.longestRestartMs = Math.max(figures.longestRestartMs, Math.round(performance.now() - began));
}

/** The offline check of the log as the last kill left it: no gap in the sequence, and an unbroken chain of hashes. */
async function verifyChain(data) {
  const { code, stdout, stderr } = await run(['events', 'verify', '--data', data, '--json']);
  assert.equal(code, 0, `warder events verify: ${stdout} ${stderr}`);
  return JSON.parse(stdout);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      hands: { type: 'string', default: '16' },
    },
  });
  const began = performance.now();
  const figures = await keepLedger({
    kills: Number(values.kills),
    seed: Number(values.seed),
    hands: Number(values.hands),
    report: ({ kills, acknowledged, unknown }) => {
      const sum = (counts) => Object.values(counts).reduce((total, each) => total + each, 0);
      console.error(`${kills} kills: ${sum(acknowledged)} acknowledged, ${sum(unknown)} unanswered, all accounted for`);
    },
  });
  console.log(JSON.stringify({ ...figures, seconds: Math.round((performance.now() - began) / 1000) }, null, 2));
}
