// Two servers in a row must agree on the length of a request: otherwise one request hides another. Sends each form that servers are known
// to read differently, over raw sockets.

import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Server } from './lib/server.mjs';

const body = '{"value":"x"}';
const chunked = `d\r\n${body}\r\n0\r\n\r\n`;
const quietMs = 300;
const patienceMs = 20_000;

let server;

before(async () => {
  server = await Server.start();
});

after(() => server?.dispose());

/**
 * Sends bytes, and returns the statuses of all answers and whether the server closed the connection. Complete when it closes, or is quiet
 * after an answer.
 */
function exchange(text) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port: server.port });
    let out = '';
    let quiet;
    const done = (closed) => {
      clearTimeout(quiet);
      clearTimeout(deadline);
      socket.destroy();
      resolve({ statuses: [...out.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status)), closed });
    };
    const deadline = setTimeout(() => reject(new Error(`neither closed nor answered: ${JSON.stringify(text)}`)), patienceMs);
    socket.setEncoding('latin1').on('data', (chunk) => {
      out += chunk;
      clearTimeout(quiet);
      quiet = setTimeout(() => done(false), quietMs);
    });
    socket.on('error', () => done(true));
    socket.on('close', () => done(true));
    socket.write(text, 'latin1');
  });
}

const validation = (headers, content, { version = 'HTTP/1.1', path = '/api_keys/validations' } = {}) =>
  `POST ${path} ${version}\r\nHost: x\r\nAuthorization: Bearer ${server.key}\r\nContent-Type: application/json\r\n${headers}\r\n${content}`;
const live = (line, headers = 'Host: x\r\n') => `${line}\r\n${headers}\r\n`;

/** Refused with 400, and the connection ends: the bytes behind the request are never read as another one. */
async function refused(cases) {
  for (const [label, text] of Object.entries(cases)) {
    const { statuses, closed } = await exchange(text);
    assert.deepEqual({ label, statuses, closed }, { label, statuses: [400], closed: true });
  }
}

async function taken(cases) {
  for (const [label, text] of Object.entries(cases)) assert.deepEqual(
    { label, statuses: (await exchange(text)).statuses }, { label, statuses: [200] });
}

describe('Content-Length', () => {
  test('is digits and nothing else', () =>
    refused(
      Object.fromEntries(
        ['+13', '-13', '0x0d', '1 3', '13\v', '13, 13', '13,5', '', '1e1', '13.0', '٣']
          .map((value) => [value, validation(`Content-Length: ${value}\r\n`, body)]),
      ),
    ));

  test('comes once', () =>
    refused({
      same: validation('Content-Length: 13\r\nContent-Length: 13\r\n', body),
      different: validation('Content-Length: 13\r\nContent-Length: 5\r\n', body),
    }));

  test('beyond what a body may have is refused before the body', async () => {
    for (const value of ['1048577', '9223372036854775807'])
      assert.deepEqual((await exchange(validation(`Content-Length: ${value}\r\n`, body))).statuses, [413]);
    await refused({ huge: validation('Content-Length: 99999999999999999999999\r\n', body) });
  });

  test('excludes Transfer-Encoding', () =>
    refused({
      before: validation('Content-Length: 13\r\nTransfer-Encoding: chunked\r\n', chunked),
      after: validation('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', chunked),
    }));

  test('is taken with white space around it, and with leading zeros', () =>
    taken(Object.fromEntries(['13', ' 13 ', '\t13', '013'].map((value) => [value, validation(`Content-Length:${value}\r\n`, body)]))));
});

describe('Transfer-Encoding', () => {
  test('is chunked, alone and once', () =>
    refused(
      Object.fromEntries(
        [
          'gzip, chunked', 'chunked, identity', 'identity', 'identity, chunked', 'xchunked', 'chunked, chunked', '"chunked"', '\vchunked',
          'chunked;q=1', ', chunked',
          'chunked,', '', 'chunked\r\nTransfer-Encoding: chunked', 'chunked\r\nTransfer-Encoding: identity',
          'identity\r\nTransfer-Encoding: chunked',
        ].map((value) => [value, validation(`Transfer-Encoding: ${value}\r\n`, chunked)]),
      ),
    ));

  test('is not for HTTP/1.0', () => refused({ old: validation('Transfer-Encoding: chunked\r\n', chunked, { version: 'HTTP/1.0' }) }));

  test('is taken in any case', () => taken({ upper: validation('Transfer-Encoding: CHUNKED\r\n', chunked), lower: validation('Transfer-Encoding: chunked\r\n', chunked) }));
});

describe('a chunk', () => {
  const inChunks = (content, path) => validation('Transfer-Encoding: chunked\r\n', content, { path });

  for (const path of ['/api_keys/validations', '/organizations'])
    test(`of a size that is none is the client's fault: ${path}`, () =>
      refused(
        Object.fromEntries(
          ['FFFFFFFFFFFFFFFF1', '0000000000000000d', '0xd', '+d', '-d', ' d', 'd ', 'g', '']
            .map((size) => [size, inChunks(`${size}\r\n${body}\r\n0\r\n\r\n`, path)]),
        ),
      ));

  test('of a size that no body has is refused', async () => {
    for (const size of ['7fffffffffffffff', 'ffffffff'])
      for (const path of ['/api_keys/validations', '/organizations']) {
        const { statuses } = await exchange(inChunks(`${size}\r\n${body}\r\n0\r\n\r\n`, path));
        assert.ok(statuses.length === 1 && [400, 413].includes(statuses[0]), `${size}: ${statuses}`);
      }
  });

  test('ends its lines with CR LF', () =>
    refused({
      size: inChunks(`d\n${body}\r\n0\r\n\r\n`),
      extension: inChunks(`d;a\n${body}\r\n0\r\n\r\n`),
      data: inChunks(`d\r\n${body}\n0\r\n\r\n`),
      last: inChunks(`d\r\n${body}\r\n0\n\n`),
      'more data than its size': inChunks(`d\r\n${body}xx\r\n0\r\n\r\n`),
      'a trailer without a colon': inChunks(`d\r\n${body}\r\n0\r\nX T\r\n\r\n`),
      'a trailer with NUL': inChunks(`d\r\n${body}\r\n0\r\nX: \0\r\n\r\n`),
      'a trailer with NUL in its name': inChunks(`d\r\n${body}\r\n0\r\nX\0: y\r\n\r\n`),
      'a trailer that is no text': inChunks(`d\r\n${body}\r\n0\r\nX: \xc3\x28\r\n\r\n`),
      'the same, of a change': inChunks(`d\r\n${body}\r\n0\r\nX: \xc3\x28\r\n\r\n`, '/organizations'),
    }));

  test('may have extensions and trailers, which mean nothing', async () => {
    await taken(
      { extension: inChunks(`d;a=b\r\n${body}\r\n0\r\n\r\n`), trailer: inChunks(`d\r\n${body}\r\n0\r\nContent-Length: 5\r\n\r\n`) });
    const unauthenticated = inChunks(`d\r\n${body}\r\n0\r\nAuthorization: Bearer ${server.key}\r\n\r\n`)
      .replace(/\r\nAuthorization: Bearer [^\r]*/, '');
    assert.deepEqual((await exchange(unauthenticated)).statuses, [401]);
  });
});

describe('a header line', () => {
  test('ends with CR LF, does not go on in the next line, and has nothing between name and colon', () =>
    refused({
      'line feeds': validation('Content-Length: 13\r\n', body).replaceAll('\r\n', '\n'),
      'a line feed after the request line': live('GET /health/live HTTP/1.1').replace('\r\n', '\n'),
      'a line feed after a header': live('GET /health/live HTTP/1.1', 'X: a\nHost: x\r\n'),
      'a line feed at the end': 'GET /health/live HTTP/1.1\r\nHost: x\r\n\n',
      'a carriage return in a value': live('GET /health/live HTTP/1.1', 'X: a\rb\r\nHost: x\r\n'),
      'a carriage return for an end': live('GET /health/live HTTP/1.1', 'X: a\rHost: x\r\n'),
      'a folded value': validation('Transfer-Encoding:\r\n chunked\r\n', chunked),
      'a space at the start': live('GET /health/live HTTP/1.1', ' X: a\r\nHost: x\r\n'),
      'a space before the colon': validation('Transfer-Encoding : chunked\r\n', chunked),
      'a space before the colon of a length': validation('Content-Length : 13\r\n', body),
      'NUL in a value': live('GET /health/live HTTP/1.1', 'X: a\0b\r\nHost: x\r\n'),
      'NUL in a name': live('GET /health/live HTTP/1.1', 'X\0: b\r\nHost: x\r\n'),
      'no colon': live('GET /health/live HTTP/1.1', 'Host: x\r\nXYZ\r\n'),
      'no name': live('GET /health/live HTTP/1.1', 'Host: x\r\n: a\r\n'),
    }));
});

describe('the target and the host', () => {
  test('are one of each, and agree', () =>
    refused({
      'two hosts': live('GET /health/live HTTP/1.1', 'Host: x\r\nHost: y\r\n'),
      'no host': live('GET /health/live HTTP/1.1', ''),
      'a list of hosts': live('GET /health/live HTTP/1.1', 'Host: a,b\r\n'),
      'a host with a user': live('GET /health/live HTTP/1.1', 'Host: u@x\r\n'),
      'a host with a path': live('GET /health/live HTTP/1.1', 'Host: x/y\r\n'),
      'another host in the target': live('GET http://y/health/live HTTP/1.1'),
      'NUL in the path': live('GET /health/live\0 HTTP/1.1'),
      'an encoded NUL in the path': live('GET /health/live%00 HTTP/1.1'),
      'a space in the path': live('GET /health/live x HTTP/1.1'),
      'tabs for spaces': live('GET\t/health/live\tHTTP/1.1'),
      'no version': 'GET /health/live\r\n\r\n',
    }));

  test('are taken in the absolute form when they agree', () => taken({ absolute: live('GET http://x/health/live HTTP/1.1') }));
});

test('nothing of all this is a failure in the log, and the log is short', () => {
  assert.ok(!server.stdout.includes('fail:'), server.stdout);
  assert.ok(!server.stdout.includes('Exception'), server.stdout);
});
