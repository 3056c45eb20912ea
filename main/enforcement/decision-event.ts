import { commandOf } from '../../shared/commands/command-of.ts';
import type { Decision, Grant, Refusal } from '../../shared/decision/decision.ts';
import type { Listener } from '../../shared/decision/listener.ts';
import { unreadableReason } from '../../shared/decision/refuse.ts';
import type { Operation } from '../../shared/engine-api/operation.ts';
import type { DecisionEvent } from '../../shared/journal/event.ts';
import type { Answer } from '../gate/answer.ts';

export function callerOf(listener: Listener): DecisionEvent['caller'] {
  switch (listener.kind) {
    case 'host-gate':
      return { listener: 'host-gate' };
    case 'standing-socket':
      return { listener: 'standing-socket', socket: listener.path };
    case 'container-socket':
      return { listener: 'container-socket', containerId: listener.holder.containerId, image: listener.holder.image };
  }
}

export interface DecidedRequest {
  readonly listener: Listener;
  readonly method: string;
  readonly sentPath: string;
  readonly operation: Operation;
}

/** What was decided about one request, for the journal, which takes the secrets out. */
export function decisionEvent(request: DecidedRequest, decision: Decided): DecisionEvent {
  const { listener, method, sentPath, operation } = request;
  const command = commandOf(operation.id);
  const base = {
    type: 'decision' as const,
    caller: callerOf(listener),
    method,
    path: sentPath,
    operation: operation.id,
    ...(command !== undefined && { command }),
  };
  return { ...base, ...outcomeOf(decision), ...escapesOf(decision) };
}

/** How many ways out are told of one request, which may hold any number. */
const MOST_ESCAPES = 20;

function escapesOf(decision: Decided): Pick<DecisionEvent, 'escapes' | 'unprivileged'> {
  if (decision.kind !== 'pass' && decision.kind !== 'rewrite') return {};
  const { escapes = [] } = decision;
  const isUnprivileged = decision.kind === 'rewrite' && decision.grant?.isUnprivileged === true;
  const told = escapes.slice(0, MOST_ESCAPES).map(({ kind, found }) => `${kind} (${found.slice(0, LONGEST_FOUND)})`);
  return { ...(told.length > 0 && { escapes: told }), ...(isUnprivileged && { unprivileged: true }) };
}

/** In characters; paths and options are the client's choice. */
const LONGEST_FOUND = 300;

type Decided = Exclude<Decision, { kind: 'need' }>;

function outcomeOf(decision: Decided): Pick<DecisionEvent, 'outcome'> & Partial<DecisionEvent> {
  if ((decision.kind === 'pass' || decision.kind === 'rewrite') && decision.observed !== undefined) {
    const { refusal, image } = decision.observed;
    const { status: _answered, ...about } = refused(refusal);
    return { ...about, outcome: 'observed', ...(image && { image }) };
  }
  switch (decision.kind) {
    case 'pass':
      return { outcome: 'passed', ...(decision.note && { reason: decision.note }) };
    case 'absent':
      return { outcome: 'passed', status: 404 };
    case 'rewrite':
      return decision.grant === undefined
        ? { outcome: 'passed', image: decision.image }
        : { outcome: 'granted', image: decision.image, ...grantedBy(decision.grant) };
    case 'refuse':
      return { ...refused(decision.refusal), ...(decision.image && { image: decision.image }) };
  }
}

function grantedBy({ entry, until }: Grant) {
  const still = until === undefined ? '' : `, by the digest that its tag had before, until ${until}`;
  return { rule: `image list entry "${entry}"${still}`, entry };
}

function refused({ status, reason, message, rule, file, entry }: Refusal) {
  return {
    outcome: 'refused' as const,
    status,
    reason,
    message,
    ...(rule !== undefined && { rule }),
    ...(file !== undefined && { file }),
    ...(entry !== undefined && { entry }),
  };
}

/** A request that could not even be read. */
export function malformedEvent(
  sent: { readonly method: string; readonly path: string },
  answer: Answer,
  listener: Listener,
): DecisionEvent {
  return {
    type: 'decision',
    outcome: 'refused',
    caller: callerOf(listener),
    method: sent.method,
    path: sent.path,
    operation: 'Malformed',
    status: answer.status,
    reason: unreadableReason(answer.status),
    message: answer.message,
  };
}
