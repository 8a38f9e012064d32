// Attacks a server in all ways at once (slow headers and bodies, connections without a request, half TLS handshakes, floods, HTTP/2 rapid
// reset, huge headers, garbage, wrong keys), while an honest client with a management key goes on: the server always answers it, and the
// server's memory stays constant.
//
//   node soak.mjs --minutes 30              half of the time in the clear, half over TLS
//   node soak.mjs --minutes 2 --descriptors 320 --attacks idle,floods
//
// Prints one JSON line: resident memory after the warm-up and its later maximum, the honest client's latencies without and under attack,
// and the attacks.

import { execFileSync, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Server, newDataDirectory } from './lib/server.mjs';
import { until } from './lib/until.mjs';

const honestEveryMs = 20;
const freshEveryMs = 1_000;
const sampleEveryMs = 500;
const calmShare = 0.15;
const warmUpShare = 0.35;

/** Resident memory in bytes. */
const residentOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

/** The most resident memory of a server within so many seconds. */
async function mostResident(server, seconds) {
  const end = performance.now() + seconds * 1000;
  let most = 0;
  while (performance.now() < end && !server.ended) {
    most = Math.max(most, residentOf(server.pid));
    await pause(sampleEveryMs);
  }
  return most;
}

function certificate(folder) {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  return ['--tls-cert', cert, '--tls-key', key];
}

const percentile = (sorted, share) => (
  sorted.length === 0 ? null : Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(2)));

function latencies(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return { hits: sorted.length, p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99), mostMs: percentile(sorted, 1) };
}

/** A client that holds a management key: validations over lasting connections, and now and then over a new one. */
class Honest {
  #client;
  #options;
  #stopped = false;
  #lanes = [];
  times = [];
  failures = [];
  fresh = { answered: 0, refused: 0 };

  constructor({ port, tls, key, value }) {
    this.#client = tls ? https : http;
    this.#options = { host: '127.0.0.1', port, method: 'POST', path: '/api_keys/validations', rejectUnauthorized: false, timeout: 20_000 };
    this.#options.headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
    this.body = JSON.stringify({ value });
    this.agent = new this.#client.Agent({ keepAlive: true, maxSockets: 2 });
    this.#lanes = [this.#lane(), this.#lane(), this.#comeAnew()];
  }

  async stop() {
    this.#stopped = true;
    await Promise.all(this.#lanes);
    this.agent.destroy();
  }

  send(agent) {
    return new Promise((resolve, reject) => {
      const request = this.#client.request({ ...this.#options, agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => (text += part));
        response.on('end', () => (response.statusCode === 200 && text.includes('"allow":true') ? resolve() : reject(new Error(`${response.statusCode} ${text.slice(0, 200)}`))));
      });
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', reject);
      request.end(this.body);
    });
  }

  async #lane() {
    while (!this.#stopped) {
      const began = performance.now();
      try {
        await this.send(this.agent);
        this.times.push(performance.now() - began);
      } catch (error) {
        this.failures.push(String(error));
      }
      await pause(honestEveryMs);
    }
  }

  async #comeAnew() {
    while (!this.#stopped) {
      await this.send(false).then(
        () => this.fresh.answered++,
        () => this.fresh.refused++,
      );
      await pause(freshEveryMs);
    }
  }
}

async function startServer({ tls, descriptors }) {
  const data = newDataDirectory();
  const options = { data, args: [], rates: [] };
  if (descriptors) options.under = ['prlimit', `--nofile=${descriptors}`];
  if (!tls) return await Server.start(options);
  options.args = certificate(data);
  options.scheme = 'https';
  const server = new Server(options);
  await server.spawn();
  await until('a server over TLS', () => server.stderr.includes('listens on'), 30_000);
  server.key = readFileSync(join(data, 'management-key'), 'utf8').trim();
  return server;
}

/** One server under attack for that many seconds. */
export async function attack({ seconds, tls = false, descriptors, attacks }) {
  const server = await startServer({ tls, descriptors });
  const attackers = fork(fileURLToPath(new URL('./lib/attacks.mjs', import.meta.url)));
  try {
    const value = await issueKey(server, tls);
    const honest = new Honest({ port: server.port, tls, key: server.key, value });
    await pause(seconds * calmShare * 1000);
    const calm = honest.times;
    honest.times = [];
    // A process that has only just started attacks nothing yet.
    const begun = new Promise((resolve) => attackers.once('message', resolve));
    attackers.send({ port: server.port, tls, key: server.key, attacks });
    await begun;
    // The maximum of a stretch of the attack, against the maximum of the rest: a single sample lies anywhere between two collections.
    await pause((seconds * warmUpShare * 1000) / 2);
    const warm = await mostResident(server, (seconds * warmUpShare) / 2);
    const most = await mostResident(server, seconds * (1 - calmShare - warmUpShare));
    const counts = await new Promise((resolve) => {
      attackers.once('message', (message) => resolve(message.counts));
      attackers.send({ type: 'stop' });
    });
    await honest.stop();
    const lines = server.stdout.split('\n').filter(Boolean);
    return {
      tls,
      seconds,
      ended: server.ended,
      residentMb: { warm: warm >> 20, most: most >> 20, growth: Number((most / warm - 1).toFixed(3)) },
      calm: latencies(calm),
      attacked: latencies(honest.times),
      failures: honest.failures,
      fresh: honest.fresh,
      logLines: lines.length,
      errors: lines.filter((line) => line.startsWith('fail:') || line.startsWith('crit:')).slice(0, 5),
      counts,
    };
  } finally {
    attackers.kill();
    await server.dispose();
  }
}

/** An organization's key, whose validations are the honest client's. */
async function issueKey(server, tls) {
  const client = tls ? https : http;
  const call = (path, body) =>
    new Promise((resolve, reject) => {
      const request = client.request(
        {
          host: '127.0.0.1', port: server.port, method: 'POST', path, rejectUnauthorized: false, agent: false,
          headers: { Authorization: `Bearer ${server.key}`, 'Content-Type': 'application/json' },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part) => (text += part));
          response.on('end', () => (response.statusCode === 201 ? resolve(JSON.parse(text)) : reject(new Error(text))));
        },
      );
      request.on('error', reject);
      request.end(JSON.stringify(body));
    });
  const { id } = await call('/organizations', { name: 'honest' });
  return (await call(`/organizations/${id}/api_keys`, { name: 'honest' })).value;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs(
    { options: { minutes: { type: 'string', default: '2' }, descriptors: { type: 'string' }, attacks: { type: 'string' } } });
  const seconds = (Number(values.minutes) * 60) / 2;
  let sound = true;
  for (const tls of [false, true]) {
    const figures = await attack({ seconds, tls, descriptors: values.descriptors, attacks: values.attacks?.split(',') });
    console.log(JSON.stringify({ ...figures, failures: figures.failures.slice(0, 5), failed: figures.failures.length }));
    sound &&= !figures.ended && figures.failures.length === 0 && figures.residentMb.growth <= 0.1 && figures.errors.length === 0;
  }
  process.exit(sound ? 0 : 1);
}
