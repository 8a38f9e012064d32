// Compares answers with WorkOS' published description of its API: each body with the schema of its route and status, and each event with
// the schema of its type. The description is read from the folder that WARDER_TEST_DATA names; it is no part of this repository.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const file = join(process.env.WARDER_TEST_DATA ?? '', 'workos', 'open-api-spec.yaml');
const documentation = fileURLToPath(new URL('../../../docs/workos.md', import.meta.url));

/** Whether the description is here. In CI it must be. */
export const described = Boolean(process.env.WARDER_TEST_DATA) && existsSync(file);
if (!described && process.env.CI) throw new Error(`${file} is missing: WARDER_TEST_DATA must name the folder of the test data.`);

/** The differences that answers of this process have shown. */
export const seen = new Set();

/** "METHOD path status" of each answer of this process that was compared with a schema. */
export const compared = new Set();

let loaded = null;

/** Throws when an answer differs from the description in a way that docs/workos.md does not list. */
export function compare({ method, path, status, body }) {
  if (!described || path.includes('dry_run=')) return;
  // The HTTP server itself refuses what it cannot read, before there is a route, and answers without a body.
  if (status === 400 && (body === null || body === undefined)) return;
  loaded ??= load();
  const route = loaded.find(method, path.split('?')[0]);
  if (!route) return;
  const differences = differencesOf(route, status, body);
  differences.forEach((difference) => seen.add(difference));
  const unlisted = differences.filter((difference) => !loaded.listed.has(difference));
  if (unlisted.length > 0)
    throw new Error(`${method} ${path} differs from WorkOS' description:\n${unlisted.join('\n')}\n${JSON.stringify(body)?.slice(0, 2000)}`);
}

/** The differences that docs/workos.md lists: its rows that begin with a difference. */
export function listedDifferences() {
  return new Set([...readFileSync(documentation, 'utf8').matchAll(/^\| `((?:GET|POST|PUT|PATCH|DELETE|event) [^`]+)` \|/gm)].map((row) => row[1]));
}

/** The routes of the description: "METHOD path", with {} for each parameter. */
export function describedRoutes() {
  loaded ??= load();
  return loaded.routes.map(({ name }) => name);
}

function differencesOf({ name, method, operation, pointer }, status, body) {
  const found = [];
  const note = (place, errors) =>
    errors.forEach((error) => {
      const member = error.params.missingProperty ?? error.params.additionalProperty;
      const at = error.instancePath.replaceAll(/\/\d+(?=\/|$)/g, '/*') + (member ? `/${member}` : '');
      found.push(`${place} ${at || '/'} ${error.keyword}`);
    });
  const response = operation.responses[status];
  if (status >= 200 && status < 300 && !response && !(status === 204 && method === 'DELETE')) return [`${name} ${status}`];
  const schema = response?.content?.['application/json'] && `${pointer}/responses/${status}/content/application~1json/schema`;
  if (status >= 200 && status < 300) compared.add(`${name} ${status}`);
  if (name === 'GET /events' && status === 200) {
    note(name, loaded.errorsOf({ ...body, data: [] }, schema));
    for (const event of body.data) note(`event ${event.event}`, loaded.errorsOf(event, loaded.schemaOfEvent(event.event)));
  } else if (schema) {
    note(`${name} ${status}`, loaded.errorsOf(body, schema));
  } else if (status >= 400) {
    note(`${name} ${status}`, typeof body?.message === 'string' ? [] : [{ instancePath: '/message', keyword: 'type', params: {} }]);
  } else if (body !== null && body !== undefined) {
    found.push(`${name} ${status} /`);
  }
  return [...new Set(found)];
}

function load() {
  const document = parse(readFileSync(file, 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats(ajv);
  ajv.addSchema({ ...document, $id: 'workos' });
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`,
      // A path that names a segment is meant before one that has a parameter in its place.
      pattern: new RegExp(`^${path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{[^}]*\}/g, '[^/]+')}/?$`),
      parameters: path.split('{').length,
      method: method.toUpperCase(),
      operation,
      pointer: `/paths/${escape(path)}/${method}`,
    })),
  );
  routes.sort((a, b) => a.parameters - b.parameters);
  const list = resolve(document, at(document, '/paths/~1events/get/responses/200/content/application~1json/schema'));
  const event = resolve(document, { schema: list.schema.properties.data.items, pointer: `${list.pointer}/properties/data/items` });
  const types = new Map(event.schema.allOf[1].oneOf.map((item, i) => {
    const type = resolve(document, { schema: item, pointer: `${event.pointer}/allOf/1/oneOf/${i}` });
    return [type.schema.properties.event.const, type.pointer];
  }));
  return {
    routes,
    listed: listedDifferences(),
    find: (method, path) => routes.find((route) => route.method === method && route.pattern.test(path)),
    schemaOfEvent: (type) => types.get(type) ?? `${event.pointer}/allOf/0`,
    errorsOf(body, pointer) {
      const validate = ajv.getSchema(`workos#${pointer}`);
      if (validate(body)) return [];
      // Of the errors of alternatives, only those of the closest one say what differs.
      const alternatives = at(document, pointer).schema.oneOf?.map((_, i) => this.errorsOf(body, `${pointer}/oneOf/${i}`));
      return alternatives ? alternatives.toSorted((a, b) => a.length - b.length)[0] : validate.errors;
    },
  };
}

const escape = (segment) => segment.replaceAll('~', '~0').replaceAll('/', '~1');

function at(document, pointer) {
  const schema = pointer.slice(1).split('/').reduce((value, segment) => value[segment.replaceAll('~1', '/').replaceAll('~0', '~')], document);
  return { schema, pointer };
}

function resolve(document, place) {
  let found = place;
  while (found.schema.$ref) found = at(document, found.schema.$ref.slice(1));
  return found;
}
