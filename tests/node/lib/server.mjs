// The real `warder` executable, on a data directory of its own: start, kill -9, stop, start again.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Api } from './api.mjs';
import { until } from './until.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const readyWithinMs = 30_000;
const stopWithinMs = 15_000;
const patienceMs = 30_000;
const outputKept = 16_384;

/** The command line from this checkout, which builds itself when a source has changed; or another build of it. */
const executable = process.env.WARDER_EXECUTABLE ?? join(root, 'warder');

/** The server with a bug planted in it, which `./test` builds. */
export const planted = join(root, 'artifacts/bin/Warder.Mutants/release/Warder.Mutants');

let built = null;

const groups = new Set();
process.on('exit', () => groups.forEach(killGroup));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

export function newDataDirectory() {
  return mkdtempSync(join(tmpdir(), 'warder-node-'));
}

// These tests send more requests, and more failed authentications, than any rate allows.
const unlimited = ['--management-requests-per-second=0', '--failed-authentications-per-second=0'];

export class Server {
  #child = null;
  #exited = null;

  constructor({
    name = 'server',
    data = newDataDirectory(),
    port = 0,
    env = {},
    under = [],
    program = executable,
    args = [],
    keyFile = join(data, 'management-key'),
    scheme = 'http',
    rates = unlimited,
  } = {}) {
    Object.assign(this, { name, data, port, env, under, program, args, keyFile, scheme, rates });
    this.stdout = '';
    this.stderr = '';
  }

  /** Starts a server and waits until it is ready. `under` is a command that runs it, such as strace; `args` are further ones of `serve`. */
  static async start(options) {
    const server = new Server(options);
    await server.start();
    return server;
  }

  async start() {
    await this.spawn();
    await this.ready();
    return this;
  }

  /** Starts the process and returns before it is ready. */
  async spawn() {
    built ??= run(['--help']);
    await built;
    this.port ||= await freePort();
    this.url = `${this.scheme}://127.0.0.1:${this.port}`;
    const [command, ...args] = [
      ...this.under, this.program, 'serve', '--data', this.data, '--listen', this.url, ...this.rates, ...this.args];
    const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.env } });
    for (const stream of ['stdout', 'stderr'])
      child[stream].setEncoding('utf8').on('data', (text) => {
        this[stream] = (this[stream] + text).slice(-outputKept);
      });
    this.#child = child;
    this.ended = null;
    this.#exited = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        groups.delete(child.pid);
        this.ended = { code, signal };
        resolve(this.ended);
      });
    });
    this.#exited.catch(() => {});
    if (child.pid) groups.add(child.pid);
  }

  async ready() {
    let failed = null;
    this.#exited.catch((error) => {
      failed = error;
    });
    await until(
      `a ready server at ${this.url}`,
      async () => {
        if (failed) throw failed;
        if (this.ended) throw new Error(`The server is gone before it was ready.${this.remains}`);
        return await this.isHealthy();
      },
      readyWithinMs,
    );
    this.key = readFileSync(this.keyFile, 'utf8').trim();
    this.#close();
    this.api = new Api({ port: this.port, key: this.key });
    this.patient = new Api({ port: this.port, key: this.key, patienceMs });
  }

  /** Whether it reports that it can serve. */
  isHealthy() {
    return healthy(this.port);
  }

  get pid() {
    return this.#child.pid;
  }

  /** Details for a failure message: the end of the server, if it ended, and its last output. */
  get remains() {
    const output = this.stderr + this.stdout;
    return `${this.ended ? `\nThe server ended: ${JSON.stringify(this.ended)}` : ''}${output ? `\nIts output:\n${output}` : ''}`;
  }

  /** kill -9; returns when the process is gone. */
  async kill() {
    killGroup(this.#child.pid);
    return await this.#exited;
  }

  /** A clean stop, as a service manager requests it. */
  async stop() {
    process.kill(-this.#child.pid, 'SIGTERM');
    return await until('the server to stop', () => this.ended, stopWithinMs);
  }

  /** Ends the process, if it lives, and removes its data. */
  async dispose() {
    this.#close();
    if (this.#child) await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  #close() {
    this.api?.close();
    this.patient?.close();
  }
}

/** Runs another verb of the executable to its end. */
export function run(args, { env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    const out = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'])
      child[stream].setEncoding('utf8').on('data', (text) => {
        out[stream] += text;
      });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...out }));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function healthy(port) {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/health/ready', agent: false, timeout: 2000 }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
      response.once('error', () => resolve(false));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
