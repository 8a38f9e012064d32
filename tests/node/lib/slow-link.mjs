// A link to PostgreSQL on which the server's messages arrive late: in order, and all of them.

import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const socket = (directory) => join(directory, '.s.PGSQL.5432');

export class SlowLink {
  /** The host that clients connect to. */
  directory = mkdtempSync(join(tmpdir(), 'warder-link-'));
  #connections = new Set();
  #server;

  static async start(target, lateMs) {
    const link = new SlowLink();
    link.#server = createServer((client) => link.#carry(client, connect(socket(target)), lateMs));
    await new Promise((resolve) => link.#server.listen(socket(link.directory), resolve));
    return link;
  }

  #carry(client, database, lateMs) {
    client.pipe(database);
    database.on('data', (bytes) => setTimeout(() => client.writable && client.write(bytes), lateMs));
    for (const end of [client, database]) {
      this.#connections.add(end);
      const both = () => [client, database].forEach((each) => each.destroy());
      end.on('error', both).on('close', both);
    }
  }

  dispose() {
    this.#connections.forEach((end) => end.destroy());
    this.#server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
