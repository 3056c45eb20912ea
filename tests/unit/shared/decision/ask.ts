import { decide } from '../../../../shared/decision/decide.ts';
import type { Decision } from '../../../../shared/decision/decision.ts';
import type { Facts } from '../../../../shared/decision/facts.ts';
import type { Listener } from '../../../../shared/decision/listener.ts';
import { type CreateRequest, readCreateBody } from '../../../../shared/engine-api/create-body.ts';
import { identifyOperation, type Operation } from '../../../../shared/engine-api/operation.ts';
import { parseRequestTarget } from '../../../../shared/http/request-target.ts';
import { readJson } from '../../../../shared/json/read-json.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';

export const hostGate: Listener = { kind: 'host-gate' };
export const standing: Listener = { kind: 'standing-socket', path: '/run/ci.sock' };
export const container: Listener = {
  kind: 'container-socket',
  holder: {
    key: '0123456789abcdef',
    containerId: 'c1',
    image: 'docker.io/library/docker:cli',
    imageId: 'sha256:1',
    entry: 'docker:cli',
    targets: ['/var/run/docker.sock'],
  },
};

/**
 * Asks as the enforcer does, with the request line as a client sends it. A container that holds a socket may go on to
 * use it, and nothing leads out of containers, unless the facts say otherwise.
 */
export function ask(state: PolicyState, listener: Listener, line: string, known: Facts = {}): Decision {
  const facts: Facts = {
    cutOff: { kind: 'connected' },
    holderStanding: { kind: 'stands' },
    escapes: { kind: 'read', value: [] },
    ...known,
  };
  const [method = '', sentPath = ''] = line.split(' ');
  return decide({ state, listener, operation: operationOf(method, sentPath), sentPath, facts });
}

export function operationOf(method: string, sentPath: string): Operation {
  const target = parseRequestTarget(sentPath);
  if (!target.ok) throw new Error(target.problem);
  return identifyOperation(method, target.target);
}

export function createRequest(body: object): CreateRequest {
  return createRequestOf(JSON.stringify(body));
}

export function createRequestOf(json: string): CreateRequest {
  const read = readJson(new TextEncoder().encode(json));
  if (!read.ok || read.node.kind !== 'object') throw new Error('the test wrote no JSON object');
  const create = readCreateBody(read.node);
  if (!create.ok) throw new Error(create.problem);
  return create.value;
}

export function refusalOf(decision: Decision) {
  if (decision.kind !== 'refuse') throw new Error(`expected a refusal, got ${decision.kind}`);
  return decision.refusal;
}
