import { decide } from '../decision/decide.ts';
import { http2Connection, identifyOperation, type Operation } from '../engine-api/operation.ts';
import { routes } from '../engine-api/routes.ts';
import { parseRequestTarget } from '../http/request-target.ts';
import type { DescribedOperation } from '../ipc/policy.ts';
import type { PolicyState } from './policy.ts';

interface Sample {
  readonly request: string;
  readonly operation: Operation;
}

/** Routes that are two operations, with the queries that tell one from the other. */
const queries: Readonly<Record<string, readonly string[]>> = {
  ImageCreate: ['?fromImage=…', '?fromSrc=-'],
  ImageBuild: ['', '?version=2'],
};

function sample(method: string, pattern: string, query: string): Sample {
  const path = pattern.replaceAll(/\{\w+(?::[^}]*)?\}/g, 'example');
  const parsed = parseRequestTarget(path + query.replace('…', 'example'));
  if (!parsed.ok) {
    throw new Error(`no request can be made of the route ${method} ${pattern}: ${parsed.problem}`);
  }
  const request = `${method} ${pattern.replaceAll(/\{(\w+)(?::[^}]*)?\}/g, '{$1}')}${query}`;
  return { request, operation: identifyOperation(method, parsed.target) };
}

/** One request for each operation that we know, and one for those that we do not. */
const samples: readonly Sample[] = [
  ...routes.flatMap(({ id, method, pattern }) => (queries[id] ?? ['']).map((query) => sample(method, pattern, query))),
  { request: 'HTTP/2 (gRPC)', operation: http2Connection },
  { ...sample('GET', '/what/nobody/knows', ''), request: 'everything else' },
];

/** Asks the one function that decides about requests, so that what is told is what happens. */
export function describeOperations(state: PolicyState): readonly DescribedOperation[] {
  return samples.map(({ request, operation }) => {
    const listener = { kind: 'standing-socket', path: '' } as const;
    const decision = decide({ state, listener, operation, sentPath: operation.target.rawPath, facts: {} });
    const described = { id: operation.id, request };
    if (decision.kind === 'refuse') {
      const { rule, message } = decision.refusal;
      return { ...described, verdict: 'refuse', rule: rule ?? message };
    }
    const own = decision.kind === 'need' && decision.fact === 'ownContainer';
    return { ...described, verdict: own ? 'own' : 'pass' };
  });
}
