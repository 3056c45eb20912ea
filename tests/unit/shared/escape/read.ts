import { type CreateEscapes, readCreateEscapes } from '../../../../shared/escape/create-escapes.ts';
import type { JsonObject } from '../../../../shared/json/json-node.ts';
import { readJson } from '../../../../shared/json/read-json.ts';

export function objectOf(body: object | string): JsonObject {
  const json = readJson(new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)));
  if (!json.ok || json.node.kind !== 'object') throw new Error('the test wrote no JSON object');
  return json.node;
}

/** What is read of a create body; the problem where it cannot be read. */
export function createOf(body: object | string): CreateEscapes | string {
  const reading = readCreateEscapes(objectOf(body));
  return reading.ok ? reading.value : reading.problem;
}

export function kindsIn(body: object | string): readonly string[] | string {
  const create = createOf(body);
  return typeof create === 'string' ? create : create.escapes.map(({ kind }) => kind);
}
