// A private PostgreSQL: from the installed binaries, in a directory and on a Unix socket of its own, gone with this process. Its settings
// are the defaults: a committed transaction is synced.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './until.mjs';

const installed = '/usr/lib/postgresql';
const readyWithinMs = 60_000;
const logShown = 2000;

const runFile = promisify(execFile);
const run = (program, ...args) => runFile(program, args, { cwd: '/' });

/** PostgreSQL refuses to run as root: then it runs as its own user, or as the user `nobody`. */
const user = process.getuid() !== 0 ? null : /^postgres:/m.test(readFileSync('/etc/passwd', 'utf8')) ? 'postgres' : 'nobody';
const asUser = user ? ['setpriv', `--reuid=${user}`, `--regid=${user === 'nobody' ? 'nogroup' : user}`, '--clear-groups'] : [];

function findBinaries() {
  const newest = readdirSync(installed).sort((one, other) => Number(other) - Number(one))[0];
  if (!newest) throw new Error(`There is no PostgreSQL under ${installed}: ./test --install brings it.`);
  return join(installed, newest, 'bin');
}

export class Postgres {
  #binaries = findBinaries();
  #directory = mkdtempSync(join(tmpdir(), 'warder-postgres-'));
  #data = join(this.#directory, 'data');
  #shell = null;

  static async start() {
    const postgres = new Postgres();
    try {
      await postgres.#make();
      await postgres.start();
      return postgres;
    } catch (error) {
      await postgres.dispose();
      throw error;
    }
  }

  async #make() {
    if (user) await run('chown', user, this.#directory);
    const settings = ['-D', this.#data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
    await run(...asUser, join(this.#binaries, 'initdb'), ...settings);
  }

  /** Starts it, unless it runs, and waits until it accepts connections. */
  async start() {
    if (this.#shell) return;
    const settings = `-k ${this.#directory} -c listen_addresses= -c max_connections=200`;
    const server = `${this.#binaries}/postgres -D ${this.#data} ${settings} >>${this.#directory}/log 2>&1`;
    // The server ends when this process does, in every case: the end closes the shell's input.
    const line = `${server} & server=$!; cat >/dev/null; kill -QUIT $server; wait $server`;
    const [command, ...args] = [...asUser, 'sh', '-c', line];
    const child = spawn(command, args, { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'] });
    const ended = new Promise((resolve) => child.once('close', resolve));
    this.#shell = { child, ended };
    try {
      await until('PostgreSQL', () => this.#answers(), readyWithinMs);
    } catch (error) {
      const output = readFileSync(join(this.#directory, 'log'), 'utf8').slice(-logShown);
      throw new Error(`${error.message}\nIts output:\n${output}`, { cause: error });
    }
  }

  /** An immediate stop, without any cleanup. */
  async stop() {
    this.#shell.child.stdin.end();
    await this.#shell.ended;
    this.#shell = null;
  }

  /** kill -9 of the postmaster and of all its children, none of which can act once the first of them is gone. */
  async kill() {
    const postmaster = Number(readFileSync(join(this.#data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(postmaster, 'SIGSTOP');
    const { stdout } = await run('pgrep', '-P', String(postmaster));
    const all = [postmaster, ...stdout.trim().split('\n').map(Number)];
    all.forEach((pid) => process.kill(pid, 'SIGKILL'));
    await until('the end of PostgreSQL', () => !all.some(lives));
    await this.stop();
  }

  /** The directory of its socket. */
  get directory() {
    return this.#directory;
  }

  /** Writes a file with the connection string of a client of this name. */
  connectionFile(name, host = this.#directory) {
    const file = join(this.#directory, `${name}.connection`);
    writeFileSync(file, `Host=${host};Username=postgres;Database=postgres;Application Name=${name}`, { mode: 0o600 });
    return file;
  }

  /** Waits until no statement of a client of this name is running: a statement may outlive its sender by a moment. */
  async finished(name) {
    const query = `SELECT count(*) FROM pg_stat_activity WHERE application_name = '${name}'`;
    await until(`the end of the sessions of ${name}`, async () => (await this.#query(query)) === '0');
  }

  async dispose() {
    if (this.#shell) await this.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #query(query) {
    const { stdout } = await run(join(this.#binaries, 'psql'), '-X', '-h', this.#directory, '-U', 'postgres', '-Atc', query);
    return stdout.trim();
  }

  #answers() {
    return run(join(this.#binaries, 'pg_isready'), '-q', '-h', this.#directory).then(
      () => true,
      () => false,
    );
  }
}

/** Whether the process runs; a zombie does not. */
function lives(pid) {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return false;
    throw error;
  }
}
