// Runs one instance. The plugin's `verifyApiKey` is for the server's own use and has no route, so this gives it the least that can carry
// it: no framework, and no authentication of callers. Prints its address when it is ready, and ends with its standard input.
//
//   node server.mjs MODE

import http from 'node:http';
import { createAuth, person } from './auth.mjs';

const mode = process.argv[2];
const auth = createAuth(mode);
const { headers } = await auth.api.signInEmail({ body: person(mode), returnHeaders: true });
const session = new Headers({ cookie: headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ') });
const { user } = await auth.api.getSession({ headers: session });

const routes = {
  'POST /api_keys/validations': async ({ value }) => {
    const answer = await auth.api.verifyApiKey({ body: { key: value } });
    return [answer.valid ? 200 : 401, answer];
  },
  'POST /api_keys': async () => {
    const { id, key } = await auth.api.createApiKey({ body: { userId: user.id, name: 'To be revoked' } });
    return [200, { id, value: key }];
  },
  'POST /api_keys/delete': async ({ id }) => [200, await auth.api.deleteApiKey({ body: { keyId: id }, headers: session })],
  'POST /api_keys/disable': async ({ id }) => [200, await auth.api.updateApiKey({ body: { keyId: id, userId: user.id, enabled: false } })],
};

const server = http.createServer(async (request, response) => {
  try {
    const [status, answer] = await routes[`${request.method} ${request.url}`](JSON.parse(await textOf(request)));
    send(response, status, answer);
  } catch (error) {
    send(response, 500, { message: `${error.stack} ${JSON.stringify(error.body)}` });
  }
});

function textOf(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0].toString() : Buffer.concat(chunks).toString()));
    request.on('error', reject);
  });
}

function send(response, status, answer) {
  const bytes = Buffer.from(JSON.stringify(answer));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
  response.end(bytes);
}

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.resume().on('end', () => process.exit());
