// Decides the requests of a workload with the official engine, as WebAssembly in this process, and measures itself:
//   node decide.mjs FILE SECONDS
// All preparation comes before: the policy set is prepared, and a request is an existing object, with the entities that it needs and no
// others.
import { readFileSync } from 'node:fs';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';

const [file, seconds] = process.argv.slice(2);
const { policies, requests } = JSON.parse(readFileSync(file, 'utf8'));
const prepared = cedar.preparsePolicySet('workload', { staticPolicies: policies });
if (prepared.type !== 'success') throw new Error(JSON.stringify(prepared.errors));
const calls = requests.map((request) => ({ ...request, preparsedPolicySetId: 'workload' }));

function decide(call) {
  const answer = cedar.statefulIsAuthorized(call);
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer.errors));
  return answer.response;
}

const decisions = calls.map((call) => {
  const { decision, diagnostics } = decide(call);
  return `${decision} ${[...diagnostics.reason].sort().join(',')}`;
});

const nanoseconds = [];
const end = process.hrtime.bigint() + BigInt(Math.round(Number(seconds) * 1e9));
for (let i = 0; nanoseconds.length < 30 || process.hrtime.bigint() < end; i = (i + 1) % calls.length) {
  const began = process.hrtime.bigint();
  decide(calls[i]);
  nanoseconds.push(Number(process.hrtime.bigint() - began));
}

nanoseconds.sort((a, b) => a - b);
const at = (share) => nanoseconds[Math.floor(share * (nanoseconds.length - 1))] / 1000;
console.log(JSON.stringify({ p50: at(0.5), p99: at(0.99), calls: nanoseconds.length, decisions }));
