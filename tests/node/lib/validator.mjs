// A process that does nothing but validate: some connections send batches of a hundred, others pipeline single validations. It records, for
// every validation, the time of its request and whether the answer gave the right that a change takes or gives.

import { answered, validationRequest, batchRequest, gives } from './validations.mjs';
import { Tape } from './tape.mjs';
import { Wire, monotonic } from './wire.mjs';

const batchConnections = 2;
const singleConnections = 2;
const pipelineDepth = 8;
const batchSize = 100;

let round = null;

process.on('message', (message) => {
  if (message.type === 'round')
    runRound(message).catch((error) => process.send({ type: 'failed', error: error.stack }, () => process.exit(1)));
  else if (message.type === 'finish') round.finishing = true;
  else if (message.type === 'progress') process.send({ type: 'progress', validations: round.tape.length, passes: round.passes });
});

/** Validates the round's targets, pass after pass, until a message ends it; then sends its records. */
async function runRound({ port, key, targets }) {
  round = { port, key, targets, tape: new Tape(), passes: 0, batches: 0, singles: 0, finishing: false };
  await Promise.all([
    ...Array.from({ length: batchConnections }, (_, i) => batches(round, i)),
    ...Array.from({ length: singleConnections }, (_, i) => singles(round, i)),
  ]);
  process.send({ type: 'record', ...round.tape.record(), batches: round.batches, singles: round.singles });
}

async function batches(round, lane) {
  const wire = await Wire.connect(round.port);
  const groups = grouped(round.targets);
  for (let turn = lane; !round.finishing; turn++) {
    const group = groups[turn % groups.length];
    const startedAt = monotonic();
    const answer = await wire.exchange((group.bytes ??= batchRequest(round.key, group.values)));
    const { results } = answered(answer);
    results.forEach((result, i) => round.tape.add(startedAt, group.first + i, gives(round.targets[group.first + i], result)));
    round.batches += results.length;
    if (lane === 0 && turn % groups.length === groups.length - 1) round.passes++;
  }
  wire.close();
}

async function singles(round, lane) {
  const wire = await Wire.connect(round.port);
  const bytes = round.targets.map(({ value }) => validationRequest(round.key, value));
  const inFlight = [];
  let next = Math.floor((lane * round.targets.length) / singleConnections);
  const send = () => {
    const target = next++ % round.targets.length;
    inFlight.push({ target, startedAt: monotonic() });
    wire.send(bytes[target]);
  };
  for (let i = 0; i < pipelineDepth; i++) send();
  while (inFlight.length > 0) {
    const answer = await wire.next();
    const { target, startedAt } = inFlight.shift();
    round.tape.add(startedAt, target, gives(round.targets[target], answered(answer)));
    round.singles++;
    if (!round.finishing) send();
  }
  wire.close();
}

function grouped(targets) {
  const groups = [];
  for (let first = 0; first < targets.length; first += batchSize)
    groups.push({ first, values: targets.slice(first, first + batchSize).map(({ value }) => value) });
  return groups;
}
