// Calls of the HTTP API over keep-alive connections.

import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { compare } from './workos-schemas.mjs';

const timeoutMs = 30_000;
const retryEveryMs = 50;

/** The server answered with a refusal. */
export class Refused extends Error {
  constructor(method, path, answer) {
    super(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 500)}`);
    this.name = 'Refused';
    this.status = answer.status;
    this.answer = answer;
    this.code = answer.body?.code;
    this.fields = (answer.body?.errors ?? []).map(({ field, code }) => ({ field, code }));
  }
}

/** No whole answer arrived: the outcome of the call is unknown. */
export class NoAnswer extends Error {
  constructor(method, path, cause) {
    super(`${method} ${path}: ${cause.message}`, { cause });
    this.name = 'NoAnswer';
  }
}

export class Api {
  #agent;

  /** With patience, repeats a call while its answer is that the store is unavailable and nothing was changed. */
  constructor({ port, key, maxSockets = 64, patienceMs = 0 }) {
    this.port = port;
    this.key = key;
    this.patienceMs = patienceMs;
    this.#agent = new http.Agent({ keepAlive: true, maxSockets });
  }

  /** The same server, with another management key. */
  as(key) {
    return new Api({ port: this.port, key });
  }

  close() {
    this.#agent.destroy();
  }

  /** Any answer, refusals included: {status, headers, text, body}. */
  async call(method, path, body, options) {
    const deadline = performance.now() + this.patienceMs;
    for (;;) {
      const answer = await this.#exchange(method, path, body, options);
      if (!isUnavailable(answer) || performance.now() >= deadline) return answer;
      await pause(retryEveryMs);
    }
  }

  #exchange(method, path, body, { idempotencyKey, headers = {}, query, text } = {}) {
    const payload = text !== undefined ? Buffer.from(text) : body === undefined ? null : Buffer.from(JSON.stringify(body));
    const sent = { accept: 'application/json', ...headers };
    if (this.key) sent.authorization = `Bearer ${this.key}`;
    if (payload) {
      sent['content-type'] = 'application/json';
      sent['content-length'] = payload.length;
    }
    if (idempotencyKey) sent['idempotency-key'] = idempotencyKey;
    return new Promise((resolve, reject) => {
      const fail = (error) => reject(new NoAnswer(method, path, error));
      const options = {
        host: '127.0.0.1',
        port: this.port,
        method,
        path: path + queryString(query),
        agent: this.#agent,
        headers: sent,
        timeout: timeoutMs,
      };
      const request = http.request(options, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.once('error', fail);
        response.once('aborted', () => fail(new Error('the answer was cut off')));
        response.once('end', () => {
          try {
            const answer = answerOf(response, Buffer.concat(chunks).toString('utf8'));
            compare({ method, path: options.path, status: answer.status, body: answer.body });
            resolve(answer);
          } catch (error) {
            reject(error);
          }
        });
      });
      request.once('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
      request.once('error', fail);
      request.end(payload);
    });
  }

  /** The body of a 2xx answer; anything else throws. */
  async ok(method, path, body, options) {
    const answer = await this.call(method, path, body, options);
    if (answer.status < 200 || answer.status > 299) throw new Refused(method, path, answer);
    return answer.body;
  }

  get(path, query) {
    return this.ok('GET', path, undefined, { query });
  }

  post(path, body = {}, options) {
    return this.ok('POST', path, body, options);
  }

  put(path, body = {}, options) {
    return this.ok('PUT', path, body, options);
  }

  patch(path, body, options) {
    return this.ok('PATCH', path, body, options);
  }

  delete(path, options) {
    return this.ok('DELETE', path, undefined, options);
  }

  /** One validation: {api_key, decision}. */
  validate(value, permissions) {
    return this.post('/api_keys/validations', permissions ? { value, permissions } : { value });
  }

  /** Validations of any number of values, a hundred a call, in order. */
  async validateAll(values) {
    const results = [];
    for (let i = 0; i < values.length; i += 100) {
      const validations = values.slice(i, i + 100).map((value) => ({ value }));
      results.push(...(await this.post('/api_keys/validations/batch', { validations })).results);
    }
    return results;
  }
}

/** Whether the answer is that nothing was changed, because the store cannot be used now. */
export function isUnavailable({ status, body }) {
  return status === 503 && body?.code === 'unavailable';
}

function answerOf(response, text) {
  const json = (response.headers['content-type'] ?? '').startsWith('application/json');
  return { status: response.statusCode, headers: response.headers, text, body: json && text ? JSON.parse(text) : null };
}

function queryString(query) {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`;
}
