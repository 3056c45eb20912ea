import type { BodyFact } from '../../shared/decision/facts.ts';
import type { Reading } from '../../shared/engine-api/body-fields.ts';
import type { JsonNode, JsonProblem } from '../../shared/json/json-node.ts';
import { readJson } from '../../shared/json/read-json.ts';
import type { ArrivedRequest } from '../gate/gate.ts';

/**
 * Reads an inspected body as the engine reads it. What the engine might read differently from us is refused, and so is
 * what it would refuse itself: then nothing was forwarded that was not understood.
 */
export async function jsonBody<K extends JsonNode['kind'], T>(
  request: ArrivedRequest,
  kind: K,
  read: (node: Extract<JsonNode, { kind: K }>) => Reading<T>,
): Promise<BodyFact<T>> {
  const body = await request.readBody();
  if (body.kind === 'refused') return body;
  const json = readJson(body.bytes);
  if (!json.ok) return unread(json);
  if (json.node.kind !== kind) return malformed(`it must be of type ${kind}, not ${json.node.kind}`);
  const reading = read(json.node as Extract<JsonNode, { kind: K }>);
  return reading.ok
    ? { kind: 'read', value: reading.value }
    : malformed(`${reading.problem} (at byte ${reading.offset})`);
}

function unread({ problem, offset, isTooMuch }: JsonProblem): BodyFact<never> {
  return { ...malformed(`${problem} (at byte ${offset})`), status: isTooMuch === true ? 413 : 400 };
}

function malformed(problem: string): { readonly kind: 'refused'; readonly status: 400; readonly problem: string } {
  return { kind: 'refused', status: 400, problem: `the JSON body cannot be let through: ${problem}` };
}

/** The body of `start`: clients send none, or an empty object. */
export async function startBody(request: ArrivedRequest): Promise<BodyFact<'empty' | 'host-config'>> {
  const body = await request.readBody();
  if (body.kind === 'refused') return body;
  if (body.bytes.length === 0) return { kind: 'read', value: 'empty' };
  const json = readJson(body.bytes);
  if (!json.ok) return unread(json);
  const isEmpty = json.node.kind === 'null' || (json.node.kind === 'object' && json.node.members.length === 0);
  return { kind: 'read', value: isEmpty ? 'empty' : 'host-config' };
}
