import type { Refusal } from '../../shared/decision/decision.ts';
import type { Facts } from '../../shared/decision/facts.ts';
import type { Listener } from '../../shared/decision/listener.ts';
import { unreadableReason } from '../../shared/decision/refuse.ts';
import { identifyOperation, type Operation } from '../../shared/engine-api/operation.ts';
import { parseRequestHead } from '../../shared/http/request-head.ts';
import { parseRequestTarget } from '../../shared/http/request-target.ts';
import { requestRefused } from '../../shared/messages/refusal.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import type { ArrivedRequest } from '../gate/gate.ts';
import { type Decided, reach } from './enforce.ts';
import type { FactSources } from './find-fact.ts';

/** A request that nobody sends. */
export interface SupposedRequest {
  readonly method: string;
  /** As it would stand in the request line. */
  readonly target: string;
  /** Shorter than any limit can be (LONGEST_CREATE_BODY). */
  readonly body?: string;
}

export interface DryRunDeps {
  readonly policy: () => PolicyState;
  readonly facts: FactSources;
}

export interface DryRun {
  /** Undefined when the request could not even be read. */
  readonly operation: Operation | undefined;
  readonly decision: Decided;
  readonly facts: Facts;
}

/**
 * What the enforcer would decide about a request, found out as it would find it out, and nothing done about it: no
 * event, no folder, nothing sent on. `known` are facts that are supposed and not looked for.
 */
export async function dryRun(
  deps: DryRunDeps,
  request: SupposedRequest,
  listener: Listener,
  known: Facts = {},
): Promise<DryRun> {
  const body = Buffer.from(request.body ?? '');
  const lines = [`${request.method} ${request.target} HTTP/1.1`, 'Host: docker', `Content-Length: ${body.length}`];
  const head = parseRequestHead(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));
  const target = parseRequestTarget(request.target);
  if (head.kind === 'refused') return unread(head);
  if (!target.ok) return unread(target);
  const operation = identifyOperation(request.method, target.target);
  const arrived: ArrivedRequest = {
    head: head.head,
    operation,
    sentPath: request.target,
    readBody: async () => ({ kind: 'body', bytes: body }),
  };
  const ignored = () => undefined;
  return { operation, ...(await reach({ ...deps, failed: ignored }, arrived, listener, known)) };
}

function unread({ status, problem }: { readonly status: Refusal['status']; readonly problem: string }): DryRun {
  const refusal: Refusal = { status, reason: unreadableReason(status), message: requestRefused(problem) };
  return { operation: undefined, decision: { kind: 'refuse', refusal }, facts: {} };
}
