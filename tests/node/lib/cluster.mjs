// One server on its embedded database, or several nodes over a PostgreSQL of their own, each with a data directory of its own.

import { join } from 'node:path';
import { Postgres } from './postgres.mjs';
import { Server, newDataDirectory, run } from './server.mjs';
import { SlowLink } from './slow-link.mjs';
import { until } from './until.mjs';

const usualLeaseMs = 2000;
const backWithinMs = 30_000;

export class Cluster {
  #postgres;
  #link;
  #up = new Set();

  constructor(postgres, link, { count, leaseMs, ...options }) {
    this.#postgres = postgres;
    this.#link = link;
    const first = newDataDirectory();
    this.nodes = Array.from({ length: count }, (_, i) => {
      const data = i === 0 ? first : newDataDirectory();
      const host = i === count - 1 ? link?.directory : undefined;
      const args = postgres ? this.#argsOf(`node-${i}`, first, leaseMs, host) : [];
      return new Server({ ...options, name: `node-${i}`, data, args, keyFile: join(first, 'management-key') });
    });
  }

  /**
   * Starts that many nodes and waits until all are ready; the other options are those of each server. The database's messages to the last
   * of several nodes may come late.
   */
  static async start({ count = 1, leaseMs = usualLeaseMs, lateMs = 0, ...options }) {
    const postgres = count > 1 ? await Postgres.start() : null;
    const link = lateMs > 0 ? await SlowLink.start(postgres.directory, lateMs) : null;
    const cluster = new Cluster(postgres, link, { count, leaseMs, ...options });
    try {
      // The first one creates the keys.
      await cluster.startNode(cluster.nodes[0]);
      await cluster.mend();
      return cluster;
    } catch (error) {
      const { remains } = cluster;
      await cluster.dispose();
      throw new Error(error.message + remains, { cause: error });
    }
  }

  /** The nodes that have not been killed. They may be without the database. */
  get living() {
    return this.nodes.filter((node) => this.#up.has(node));
  }

  get dead() {
    return this.nodes.filter((node) => !this.#up.has(node));
  }

  get isShared() {
    return this.#postgres !== null;
  }

  /** Another living node than this one, where there is another; else any living node. */
  otherThan(node, random) {
    const others = this.living.filter((other) => other !== node);
    return random.pick(others.length > 0 ? others : this.living);
  }

  /** kill -9; returns when no statement of the node is still running. */
  async killNode(node) {
    this.#up.delete(node);
    await node.kill();
    await this.#postgres?.finished(node.name);
  }

  async startNode(node) {
    await node.start();
    this.#up.add(node);
  }

  /** Stops the database, as in a crash or by an immediate stop. */
  async loseDatabase(crash) {
    await (crash ? this.#postgres.kill() : this.#postgres.stop());
  }

  /** Restarts all that is down, and waits until all are ready. */
  async mend(startNode = (node) => this.startNode(node)) {
    await this.#postgres?.start();
    await Promise.all(this.dead.map(startNode));
    await Promise.all(this.living.map((node) => until(`${node.name} to be ready again`, () => node.isHealthy(), backWithinMs)));
  }

  /** The offline check of the log: no gap in the sequence, and an unbroken chain of hashes. No node may live. */
  async verifyLog() {
    const database = this.#postgres ? ['--database-file', this.#postgres.connectionFile('verify')] : [];
    const { code, stdout, stderr } = await run(['events', 'verify', '--data', this.nodes[0].data, ...database, '--json']);
    if (code !== 0) throw new Error(`warder events verify: ${stdout} ${stderr}`);
    return JSON.parse(stdout);
  }

  /** Details for a failure message. */
  get remains() {
    return this.nodes.map(({ name, remains }) => remains && `\n${name}:${remains}`).join('');
  }

  async dispose() {
    await Promise.all(this.nodes.map((node) => node.dispose()));
    this.#link?.dispose();
    await this.#postgres?.dispose();
  }

  #argsOf(name, first, leaseMs, host) {
    const database = ['--database-file', this.#postgres.connectionFile(name, host)];
    return [...database, '--root-key', join(first, 'root-key'), '--node-name', name, '--lease-milliseconds', String(leaseMs)];
  }
}
