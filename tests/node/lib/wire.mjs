// HTTP/1.1 over a raw socket: any bytes can be sent, requests can be pipelined, and each answer carries the time of its first byte.

import net from 'node:net';

const answerWithinMs = 20_000;
const headEnd = Buffer.from('\r\n\r\n');

/** Now on the system's monotonic clock, in nanoseconds; comparable between processes of one machine. */
export function monotonic() {
  return Number(process.hrtime.bigint());
}

export class Wire {
  #socket;
  #buffer = Buffer.alloc(0);
  #firstByteAt = 0;
  #waiting = [];
  #ready = [];
  #ended = null;

  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('The server closed the connection.')));
  }

  static connect(port) {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Wire(socket));
      });
    });
  }

  send(bytes) {
    this.#socket.write(bytes);
  }

  /** The next answer, in the order of the requests: {status, headers, body, firstByteAt}. */
  next() {
    if (this.#ready.length > 0) return Promise.resolve(this.#ready.shift());
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async exchange(bytes) {
    this.send(bytes);
    return await this.next();
  }

  close() {
    this.#socket.destroy();
  }

  #take(chunk) {
    if (this.#buffer.length === 0) this.#firstByteAt = monotonic();
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    for (let parsed = parse(this.#buffer); parsed; parsed = parse(this.#buffer)) {
      this.#buffer = this.#buffer.subarray(parsed.length);
      this.#deliver({ ...parsed.answer, firstByteAt: this.#firstByteAt });
      this.#firstByteAt = monotonic();
    }
  }

  #deliver(answer) {
    const waiter = this.#waiting.shift();
    if (waiter) waiter.resolve(answer);
    else this.#ready.push(answer);
  }

  #end(error) {
    this.#ended ??= error;
    for (const waiter of this.#waiting.splice(0)) waiter.reject(this.#ended);
  }
}

/**
 * Sends one request on a connection of its own; returns null when the server closed it without an answer, an error when it sends nothing.
 */
export async function exchangeOnce(port, bytes) {
  const wire = await Wire.connect(port);
  let silent = false;
  const deadline = setTimeout(() => {
    silent = true;
    wire.close();
  }, answerWithinMs);
  try {
    return await wire.exchange(bytes);
  } catch {
    if (silent) throw new Error(`There was no answer within ${answerWithinMs} ms.`);
    return null;
  } finally {
    clearTimeout(deadline);
    wire.close();
  }
}

/** A request's bytes. `body` may be any bytes; headers are written as they are given. */
export function request(method, path, { key, headers = {}, body } = {}) {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1'];
  if (key) lines.push(`Authorization: Bearer ${key}`);
  const bytes = body === undefined ? null : Buffer.from(body);
  const all = bytes ? { 'Content-Type': 'application/json', 'Content-Length': bytes.length, ...headers } : headers;
  for (const [name, value] of Object.entries(all)) if (value !== null) lines.push(`${name}: ${value}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return bytes ? Buffer.concat([head, bytes]) : head;
}

/** The first whole answer in the buffer and its length, or null while it is incomplete. */
function parse(buffer) {
  const end = buffer.indexOf(headEnd);
  if (end < 0) return null;
  const [statusLine, ...fields] = buffer.toString('latin1', 0, end).split('\r\n');
  const status = Number(statusLine.split(' ')[1]);
  const headers = {};
  for (const field of fields) {
    const colon = field.indexOf(':');
    headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
  }
  const start = end + headEnd.length;
  if (status === 204 || status === 304) return { answer: { status, headers, body: Buffer.alloc(0) }, length: start };
  if (headers['transfer-encoding'] === 'chunked') return parseChunked(buffer, start, status, headers);
  const length = Number(headers['content-length'] ?? 0);
  if (buffer.length < start + length) return null;
  return { answer: { status, headers, body: buffer.subarray(start, start + length) }, length: start + length };
}

function parseChunked(buffer, start, status, headers) {
  const chunks = [];
  for (let at = start; ;) {
    const lineEnd = buffer.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(buffer.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (buffer.length < next) return null;
    if (size === 0) return { answer: { status, headers, body: Buffer.concat(chunks) }, length: next };
    chunks.push(buffer.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}
