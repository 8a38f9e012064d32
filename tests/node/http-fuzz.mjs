// Sends broken requests over raw sockets: good ones with random changes of bytes, headers, lengths, chunks and JSON. No answer is 5xx, no
// failure is logged, and the server's memory stays constant.
//
//   node http-fuzz.mjs --messages 1e7 [--seed 1]
//
// 505 is the one exception: HTTP's answer for a version that a server does not support.

import { readFileSync } from 'node:fs';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from './lib/random.mjs';
import { Server } from './lib/server.mjs';
import { until } from './lib/until.mjs';
import { request } from './lib/wire.mjs';

const width = 48;
const mostPipelined = 4;
const answerWithinMs = 20_000;
const quietMs = 40;
const keptBytes = 65_536;

const targets = [
  ['POST', '/api_keys/validations', '{"value":"wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17","permissions":["a:b"],"at_least":0}'],
  ['POST', '/api_keys/validations/batch', '{"validations":[{"value":"x"},{"value":"y","permissions":[]}]}'],
  ['POST', '/organizations', '{"name":"n","external_id":"e","metadata":{"a":"b"}}'],
  ['POST', '/management_keys', '{"name":"n","rights":["keys:read"],"expires_at":"2030-01-01T00:00:00.000Z"}'],
  ['POST', '/api_keys/imports', '{"scheme":{"prefix":"o_","length":32,"alphabet":"base62"},"api_keys":[]}'],
  ['PATCH', '/api_keys/api_key_01KZZZZZZZZZZZZZZZZZZZZZZZ', '{"name":null}'],
  ['PUT', '/authorization/roles/member/permissions', '{"permissions":["a"]}'],
  ['DELETE', '/api_keys/api_key_01KZZZZZZZZZZZZZZZZZZZZZZZ?dry_run=true', undefined],
  ['GET', '/events?limit=3&after=event_01KZZZZZZZZZZZZZZZZZZZZZZZ&range_start=2026-01-01T00:00:00Z', undefined],
  ['GET', '/api_keys?limit=1&order=normal&status=active', undefined],
  ['GET', '/replicas/stream', undefined],
  ['GET', '/receipts?event_id=event_01KZZZZZZZZZZZZZZZZZZZZZZZ', undefined],
  ['GET', '/openapi.json', undefined],
  ['GET', '/health/ready', undefined],
];
const lines = [
  'Transfer-Encoding: chunked', 'Transfer-Encoding: gzip, chunked', 'Content-Length: 5', 'Content-Length: +5',
  'Content-Length: 99999999999', 'Expect: 100-continue', 'Connection: close',
  'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Extensions: permessage-deflate; a=\x01',
  'Host: y', 'Host:', 'Content-Type: text/plain', 'Content-Type: application/json; charset=utf-7', 'Content-Type: ;;',
  'Content-Encoding: gzip', 'Idempotency-Key: a', 'Idempotency-Key: \x80\xff',
  'Warder-On-Behalf-Of: user_x', 'X-Forwarded-For: 1, 2, ::', 'If-None-Match: "', 'Range: bytes=0-', 'Trailer: X', 'TE: trailers',
  'Authorization: Bearer x', 'Authorization: \xc3\x28', 'Cookie: ;=;',
];
const pieces = [
  '\0', '\r', '\n', '\r\n', '\r\n\r\n', ' ', '\t', ':', ';', ',', '%', '%00', '%2e%2e/', '%ff', '\xff', '\xc3\x28', '{', '}', '[', ']',
  'null', '"', '\\', '\\u0000', '\\ud800', '-', '1e999', '{}', '0x', '?', '&', '=', '#', '*', '../'];
const sizes = [
  'FFFFFFFFFFFFFFFF1', 'ffffffffffffffff', '7fffffffffffffff', 'ffffffff', '80000000', '-1', '+5', '0x5', '', ' ', 'g', '5;', '5;a="',
  '5\n', '00000000000000000000005', '0'];
const values = [
  'null', '[]', '{}', '[null]', '""', '0', '-1', '1e400', 'true', '[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]', '"\\ud800"', '"\\u0000"',
  '9223372036854775808', '{"a":{"a":{}}}', '[{}]'];

/** Makes one message. Only the random numbers determine it. */
function message(random, key) {
  const [method, path, body] = random.pick(targets);
  let content = body;
  if (content !== undefined && random.chance(0.4)) content = content.replace(
    /:("[^"]*"|\[[^\]]*\]|\d+|null|\{[^{}]*\})/g, (all) => (random.chance(0.4) ? `:${random.pick(values)}` : all));
  if (content !== undefined && random.chance(0.1)) content = random.pick(values);
  let bytes;
  if (content !== undefined && random.chance(0.3)) bytes = inChunks(random, method, path, content, key);
  else bytes = request(method, path, { key: random.chance(0.85) ? key : undefined, body: content });
  if (random.chance(0.5)) bytes = spoil(random, bytes);
  if (random.chance(0.3)) bytes = withLine(random, bytes);
  return bytes;
}

function inChunks(random, method, path, content, key) {
  const head = request(method, path, { key, headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' } });
  const at = random.between(0, content.length);
  const chunk = (text) => `${random.chance(0.2) ? random.pick(sizes) : text.length.toString(16)}\r\n${text}\r\n`;
  return Buffer.concat(
    [head, Buffer.from(
      `${chunk(content.slice(0, at) || ' ')}${chunk(content.slice(at) || ' ')}0\r\n${random.chance(0.1) ? 'X: y\r\n' : ''}\r\n`)]);
}

function withLine(random, bytes) {
  const at = bytes.indexOf('\r\n') + 2;
  return at < 2 ? bytes : Buffer.concat([bytes.subarray(0, at), Buffer.from(`${random.pick(lines)}\r\n`, 'latin1'), bytes.subarray(at)]);
}

function spoil(random, bytes) {
  let spoiled = Buffer.from(bytes);
  for (let i = random.between(1, 3); i > 0; i--) {
    const at = random.between(0, spoiled.length);
    const until = Math.min(spoiled.length, at + random.between(0, 8));
    switch (random.between(0, 4)) {
      case 0:
        if (at < spoiled.length) spoiled[at] = random.between(0, 255);
        break;
      case 1:
        spoiled = Buffer.concat([spoiled.subarray(0, at), Buffer.from(random.pick(pieces), 'latin1'), spoiled.subarray(at)]);
        break;
      case 2:
        spoiled = Buffer.concat([spoiled.subarray(0, at), spoiled.subarray(until)]);
        break;
      case 3:
        spoiled = Buffer.concat([spoiled.subarray(0, until), spoiled.subarray(at)]);
        break;
      default:
        if (random.chance(0.2)) spoiled = spoiled.subarray(0, at);
    }
  }
  return spoiled;
}

/**
 * Sends messages over one connection, and returns the statuses of the answers. It ends when all are answered, when the server closes, or
 * when it has been quiet after an answer.
 */
function converse(port, bytes, { expected, abort, half }) {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    const statuses = [];
    let rest = '';
    let quiet;
    const done = () => {
      clearTimeout(quiet);
      clearTimeout(deadline);
      socket.destroy();
      resolve(statuses);
    };
    const deadline = setTimeout(done, answerWithinMs);
    socket.setEncoding('latin1').on('data', (text) => {
      rest += text;
      for (const [, status] of rest.matchAll(/HTTP\/1\.1 (\d{3})/g)) statuses.push(Number(status));
      rest = rest.slice(-12).replace(/HTTP\/1\.1 \d{3}/, '');
      clearTimeout(quiet);
      if (statuses.filter((status) => status !== 100).length >= expected) done();
      else quiet = setTimeout(done, quietMs);
    });
    socket.on('error', done);
    socket.on('close', done);
    socket.on('connect', () => {
      socket.write(bytes);
      if (abort) setTimeout(() => (socket.resetAndDestroy(), done()), 5);
      else if (half) socket.end();
      else quiet = setTimeout(done, quietMs * 10);
    });
  });
}

const residentOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

export async function fuzz({ messages, seed = 1 }) {
  const server = await Server.start({ args: ['--connections-per-address', '0'] });
  try {
    const began = performance.now();
    const figures = { messages: 0, answers: 0, statuses: {}, wrong: [], seed };
    let warm = 0;
    const lane = async (random) => {
      while (figures.messages < messages && figures.wrong.length < 5 && !server.ended) {
        const some = Array.from({ length: random.between(1, mostPipelined) }, () => message(random, server.key));
        figures.messages += some.length;
        const statuses = await converse(
          server.port, Buffer.concat(some), { expected: some.length, abort: random.chance(0.05), half: random.chance(0.1) });
        figures.answers += statuses.length;
        for (const status of statuses) figures.statuses[status] = (figures.statuses[status] ?? 0) + 1;
        if (statuses.some((status) => status >= 500 && status !== 505)) figures.wrong.push(
          { statuses, sent: some.map((each) => each.toString('latin1').slice(0, keptBytes)) });
        if (!warm && figures.messages > messages / 2) warm = residentOf(server.pid);
      }
    };
    await Promise.all(Array.from({ length: width }, (_, i) => lane(new Random(seed * 1_000 + i))));
    const log = server.stdout.split('\n').filter(Boolean);
    const healthy = !server.ended && (await until('an answer after all', () => server.isHealthy(), 20_000));
    const seconds = (performance.now() - began) / 1000;
    return {
      ...figures,
      seconds: Number(seconds.toFixed(1)),
      healthy,
      residentMb: server.ended
        ? null
        : { warm: warm >> 20, end: residentOf(server.pid) >> 20, growth: Number((residentOf(server.pid) / warm - 1).toFixed(3)) },
      failures: log.filter((line) => /^(fail|crit):|Exception/.test(line)).slice(0, 5),
      logLines: log.length,
    };
  } finally {
    await server.dispose();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { messages: { type: 'string', default: '1e5' }, seed: { type: 'string', default: '1' } } });
  const figures = await fuzz({ messages: Number(values.messages), seed: Number(values.seed) });
  console.log(JSON.stringify(figures));
  process.exit(figures.healthy && figures.wrong.length === 0 && figures.failures.length === 0 && figures.residentMb.growth < 0.1 ? 0 : 1);
}
