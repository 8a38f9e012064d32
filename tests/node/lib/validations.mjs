// Encodes validations as bytes, and decodes their answers.

import { request } from './wire.mjs';

export function validationRequest(key, value) {
  return request('POST', '/api_keys/validations', { key, body: JSON.stringify({ value }) });
}

export function batchRequest(key, values) {
  return request('POST', '/api_keys/validations/batch', { key, body: JSON.stringify({ validations: values.map((value) => ({ value })) }) });
}

export function answered({ status, body }) {
  if (status !== 200) throw new Error(`A validation was answered ${status}: ${body}`);
  return JSON.parse(body);
}

/** Whether the answer allows, and contains the permission of the change, if the change is about one. */
export function gives({ watched }, { api_key: apiKey, decision }) {
  if (decision.allow !== (apiKey !== null)) throw new Error(`The key and the decision disagree: ${JSON.stringify({ apiKey, decision })}`);
  return decision.allow && (watched === null || apiKey.permissions.includes(watched));
}
