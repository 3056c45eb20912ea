import { join } from 'node:path';
import { decide } from '../../shared/decision/decide.ts';
import type { Decision, Grant, Refusal } from '../../shared/decision/decision.ts';
import type { Facts } from '../../shared/decision/facts.ts';
import type { Listener } from '../../shared/decision/listener.ts';
import { rewriteCreate } from '../../shared/engine-api/rewrite-create.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import { requestRefused } from '../../shared/messages/refusal.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import { EngineError } from '../engine/engine-client.ts';
import { createdId, type GrantDeps, grantSocket } from '../exceptions/grant-socket.ts';
import type { ArrivedRequest, Ruling } from '../gate/gate.ts';
import { decisionEvent } from './decision-event.ts';
import { type FactSources, findFact, socketName } from './find-fact.ts';

export interface EnforcerDeps extends GrantDeps {
  readonly policy: () => PolicyState;
  readonly facts: FactSources;
  readonly record: (event: EventBody) => void;
  /** An empty folder of ours, to cover our own state with where a user's bind would show it. */
  readonly emptyFolder: string;
}

type Decided = Exclude<Decision, { kind: 'need' }>;

/** Has each request decided and turns the decision into what the gate does. */
export function createEnforcer(deps: EnforcerDeps) {
  return async (request: ArrivedRequest, listener: Listener): Promise<Ruling> => {
    const note = (decision: Decided) => {
      const { operation, sentPath } = request;
      deps.record(decisionEvent({ listener, method: request.head.method, sentPath, operation }, decision));
    };
    const { decision, facts } = await reach(deps, request, listener);
    try {
      const ruling = await toRuling(deps, request, listener, decision, facts, note);
      if (decision.kind !== 'rewrite' || decision.grant === undefined) note(decision);
      return ruling;
    } catch (error) {
      const refusal = failure(deps, error);
      note({ kind: 'refuse', refusal });
      return answerOf(refusal);
    }
  };
}

/** Asks for the decision and finds out what it needs, until there is one. What fails on the way is a refusal. */
async function reach(
  deps: EnforcerDeps,
  request: ArrivedRequest,
  listener: Listener,
): Promise<{ decision: Decided; facts: Facts }> {
  // One state for the whole request: a policy that changes meanwhile counts from the next request on.
  const state = deps.policy();
  let facts: Facts = {};
  try {
    for (;;) {
      const input = { state, listener, operation: request.operation, sentPath: request.sentPath, facts };
      const decision = decide(input);
      if (decision.kind !== 'need') return { decision, facts };
      facts = { ...facts, ...(await findFact(deps.facts, decision.fact, { request, listener, state, facts })) };
    }
  } catch (error) {
    return { decision: { kind: 'refuse', refusal: failure(deps, error) }, facts };
  }
}

function failure(deps: EnforcerDeps, error: unknown): Refusal {
  if (error instanceof EngineError) {
    const message = requestRefused(`the Docker engine did not tell what is needed to decide: ${error.message}`);
    return { status: 503, reason: 'engine-unreachable', message };
  }
  deps.failed(error);
  const message = requestRefused(`the request could not be decided, so it is refused: ${String(error)}`);
  return { status: 403, reason: 'internal-error', message };
}

async function toRuling(
  deps: EnforcerDeps,
  request: ArrivedRequest,
  listener: Listener,
  decision: Decided,
  facts: Facts,
  note: (decision: Decided) => void,
): Promise<Ruling> {
  switch (decision.kind) {
    case 'refuse':
      return answerOf(decision.refusal);
    case 'image-absent':
      return { kind: 'answer', answer: { status: 404, message: decision.message } };
    case 'pass':
      return request.operation.id === 'ContainerCreate' ? ownCreate(deps, listener) : { kind: 'forward' };
    case 'rewrite':
      return rewritten(deps, request, listener, decision, facts, note);
  }
}

function answerOf({ status, message }: Refusal): Ruling {
  return { kind: 'answer', answer: { status, message } };
}

/** A container that a filtered socket's holder created is its own; the host gate keeps no such list. */
function ownCreate(deps: EnforcerDeps, listener: Listener): Ruling {
  const socket = socketName(listener);
  if (socket === undefined) return { kind: 'forward' };
  return {
    kind: 'forward',
    async afterAnswer(answer) {
      const id = createdId(answer);
      if (id !== undefined) await deps.facts.own.add(socket, id).catch(deps.failed);
      return undefined;
    },
  };
}

async function rewritten(
  deps: EnforcerDeps,
  request: ArrivedRequest,
  listener: Listener,
  decision: Extract<Decided, { kind: 'rewrite' }>,
  facts: Facts,
  note: (decision: Decided) => void,
): Promise<Ruling> {
  const body = await request.readBody();
  if (body.kind === 'refused' || facts.create?.kind !== 'read') throw new Error('the body was decided on but not read');
  const create = facts.create.value;
  const coverBinds = decision.covers.map((path) => `${deps.emptyFolder}:${path}:ro`);
  const { grant } = decision;
  if (grant === undefined) {
    const covered = rewriteCreate(body.bytes, create, { remove: [], addBinds: coverBinds });
    return { ...ownCreate(deps, listener), kind: 'forward', body: covered };
  }
  const prepared = await grantSocket(deps, create, body.bytes, grant, coverBinds);
  return {
    kind: 'forward',
    body: prepared.body,
    abandoned: prepared.abandon,
    async afterAnswer(answer) {
      const undone = await prepared.finish(answer);
      note(undone === undefined ? decision : undoneDecision(undone, grant));
      if (undone !== undefined) return { status: 403, message: undone.message };
      const socket = socketName(listener);
      const id = createdId(answer);
      if (socket !== undefined && id !== undefined) await deps.facts.own.add(socket, id).catch(deps.failed);
      return undefined;
    },
  };
}

function undoneDecision(undone: { reason: Refusal['reason']; message: string }, grant: Grant): Decided {
  return { kind: 'refuse', image: grant.image, refusal: { status: 403, ...undone } };
}

/** Where the empty folder lies in the state folder. */
export function emptyFolderIn(stateFolder: string): string {
  return join(stateFolder, 'empty');
}
