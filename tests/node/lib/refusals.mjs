// Sends bad input over raw sockets and reports the faults of each answer.

import assert from 'node:assert/strict';
import { newestEvent } from './lists.mjs';
import { eachOf } from './until.mjs';
import { exchangeOnce } from './wire.mjs';

const width = 8;
const mostShown = 50;

/** An answer of Kestrel, before any of Warder's code runs, may have an empty body. */
const byTheHost = new Set([400, 413, 414, 431]);

/**
 * Each case is {label, bytes, statuses?, field?, code?, mayBeEmpty?, mayClose?}: `field` is the start of a pattern that a field at fault
 * must match. Afterwards nothing may have been written, and the server must still run.
 */
export async function refuseAll(server, cases) {
  assert.ok(cases.length > 0);
  const before = await newestEvent(server.api);
  const wrong = [];
  await eachOf(cases, width, async (bad) => {
    const fault = await exchangeOnce(server.port, bad.bytes).then((answer) => faultOf(answer, bad), String);
    if (fault) wrong.push(`${bad.label}: ${fault}`);
  });
  if (wrong.length > 0) assert.fail(`${wrong.length} of ${cases.length} answers are wrong:\n${wrong.slice(0, mostShown).join('\n')}`);
  assert.equal(await newestEvent(server.api), before, 'something was written');
  assert.equal((await server.api.call('GET', '/health/ready')).status, 200);
}

function faultOf(answer, { statuses, field, code, mayBeEmpty = false, mayClose = false }) {
  if (!answer) return mayClose ? null : 'the connection was closed without an answer';
  const text = answer.body.toString('utf8');
  const shown = `${answer.status} ${text.slice(0, 300)}`;
  if (answer.status < 400 || answer.status > 499) return `answered ${shown}`;
  if (mayBeEmpty && byTheHost.has(answer.status) && text === '') return null;
  if (statuses && !statuses.includes(answer.status)) return `expected ${statuses.join(' or ')}, answered ${shown}`;
  if (!answer.headers['content-type']?.startsWith('application/json')) return `no JSON: ${answer.headers['content-type']} ${shown}`;
  const error = JSON.parse(text);
  return shapeFaultOf(error, answer) ?? fieldFaultOf(error, answer.status, field, code);
}

function shapeFaultOf(error, { headers }) {
  for (const member of ['message', 'code', 'request_id'])
    if (typeof error[member] !== 'string' || error[member] === '') return `no ${member} in ${JSON.stringify(error)}`;
  if (error.request_id !== headers['x-request-id']) return `request_id ${error.request_id} is not X-Request-ID ${headers['x-request-id']}`;
  const unknown = Object.keys(error).filter((member) => !['message', 'code', 'errors', 'request_id'].includes(member));
  if (unknown.length > 0) return `members that no error has: ${unknown}`;
  for (const each of error.errors ?? [])
    if (['field', 'code', 'message'].some((member) => typeof each[member] !== 'string' || each[member] === ''))
      return `an error of a field without field, code and message: ${JSON.stringify(each)}`;
  return null;
}

function fieldFaultOf(error, status, field, code) {
  if (!field || status !== 422) return null;
  const named = (error.errors ?? []).filter((each) => new RegExp(`^${field}($|[.\\[])`).test(each.field));
  if (named.length === 0) return `does not name ${field}: ${JSON.stringify(error)}`;
  return code && !named.some((each) => each.code === code) ? `${field} without ${code}: ${JSON.stringify(error)}` : null;
}
