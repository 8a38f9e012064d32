// Attacks one server in a process of its own, so that only the server's load affects the honest client. Started by soak.mjs with {port,
// tls, key}; ends on its parent's message, or when its parent is gone.

import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { randomBytes } from 'node:crypto';

const dripEveryMs = 1_000;
const width =
  { idle: 400, slowHeaders: 150, slowBodies: 100, halfHandshakes: 200, floods: 60, hugeHeaders: 10, garbage: 20, resets: 4, wrongKeys: 8 };
const counts = {};
let target;
let addresses = 0;
let over = false;

const note = (attack, what = 'connections') => {
  const key = `${attack} ${what}`;
  counts[key] = (counts[key] ?? 0) + 1;
};

/** Uses another address of this machine each time, so that the test also covers bounds that are not per address. */
const source = () => `127.0.${1 + (addresses % 4)}.${1 + ((addresses++ >> 2) % 250)}`;

function connect({ raw = false, localAddress = source() } = {}) {
  const socket = net.connect({ host: '127.0.0.1', port: target.port, localAddress, noDelay: true });
  socket.on('error', () => {});
  if (raw || !target.tls) return socket;
  const secure = tls.connect({ socket, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
  secure.on('error', () => {});
  return secure;
}

/** Keeps that many connections open at a time, each begun by `begin`; a new one replaces an ended one, after a pause. */
function keep(attack, count, pauseMs, begin, options) {
  const open = () => {
    if (over) return;
    note(attack);
    const socket = connect(options?.());
    const drips = [];
    socket.on('close', () => {
      drips.forEach(clearInterval);
      setTimeout(open, pauseMs);
    });
    socket.resume();
    begin(socket, (write) => drips.push(setInterval(() => socket.writable && write(), dripEveryMs)));
  };
  for (let i = 0; i < count; i++) setTimeout(open, (i * pauseMs) / count);
}

const attacks = {
  idle: () => keep('idle', width.idle, 200, () => {}, () => ({ raw: true, localAddress: '127.0.9.9' })),
  slowHeaders: () =>
    keep('slowHeaders', width.slowHeaders, 500, (socket, drip) => {
      socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n');
      drip(() => socket.write('X-A: b\r\n'));
    }),
  slowBodies: () =>
    keep('slowBodies', width.slowBodies, 500, (socket, drip) => {
      // With a good key: the server reads a body only then.
      socket.write(`POST /organizations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${target.key}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n`);
      drip(() => socket.write('{'));
    }),
  halfHandshakes: () =>
    keep(
      'halfHandshakes', width.halfHandshakes, 500, (socket) => socket.write(Buffer.from('1603010200010001fc0303', 'hex')),
      () => ({ raw: true })),
  floods: () => keep(
    'floods', width.floods, 5, (socket) => socket.on('connect', () => setTimeout(() => socket.destroy(), 20)), () => ({ raw: true })),
  hugeHeaders: () =>
    keep(
      'hugeHeaders', width.hugeHeaders, 50,
      (socket) => socket.write(`GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(200_000)}\r\n\r\n`)),
  garbage: () => keep('garbage', width.garbage, 20, (socket) => socket.end(randomBytes(2_000))),
  wrongKeys: () =>
    keep('wrongKeys', width.wrongKeys, 100, (socket) => {
      const bytes = 'POST /api_keys/validations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wdrm_wrong\r\nContent-Length: 0\r\n\r\n';
      socket.on('data', () => !over && socket.write(bytes) && note('wrongKeys', 'requests'));
      socket.write(bytes);
    }),
  resets: () => {
    for (let i = 0; target.tls && i < width.resets; i++) reset();
  },
};

/** HTTP/2: streams that are reset as soon as they are opened. The server ends such a connection; then the next begins. */
function reset() {
  if (over) return;
  note('resets');
  const session = http2.connect(`https://127.0.0.1:${target.port}`, {
    createConnection: () => {
      const socket = net.connect({ host: '127.0.0.1', port: target.port, localAddress: source() });
      return tls.connect({ socket, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    },
  });
  session.on('error', () => {});
  session.on('close', () => setTimeout(reset, 100));
  const burst = () => {
    if (session.destroyed || session.closed || over) return;
    for (let i = 0; i < 50; i++) {
      const stream = session.request({ ':path': '/openapi.json' });
      stream.on('error', () => {});
      stream.close(http2.constants.NGHTTP2_CANCEL);
      note('resets', 'streams');
    }
    setImmediate(burst);
  };
  session.on('connect', burst);
}

process.on('message', (message) => {
  if (message.type === 'stop') {
    over = true;
    process.send({ type: 'counts', counts }, () => process.exit(0));
    return;
  }
  target = message;
  for (const attack of message.attacks ?? Object.keys(attacks)) attacks[attack]();
  setTimeout(() => process.send({ type: 'begun' }), 1_000);
});
process.on('disconnect', () => process.exit(0));
process.on('uncaughtException', (error) => {
  if (!['ECONNRESET', 'EPIPE', 'EADDRNOTAVAIL', 'ERR_HTTP2_INVALID_SESSION'].includes(error.code)) throw error;
});
