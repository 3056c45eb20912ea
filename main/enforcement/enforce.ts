import { decide } from '../../shared/decision/decide.ts';
import type { Decision, Grant, Refusal } from '../../shared/decision/decision.ts';
import type { Facts } from '../../shared/decision/facts.ts';
import { isFiltered, type Listener, socketName } from '../../shared/decision/listener.ts';
import { rewriteCreate } from '../../shared/engine-api/rewrite-create.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import { mountDenied, requestRefused } from '../../shared/messages/refusal.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import { EngineError } from '../engine/engine-client.ts';
import {
  createdId,
  type GrantDeps,
  grantSocket,
  type StoppedCreate,
  type UndoneCreate,
} from '../exceptions/grant-socket.ts';
import type { ArrivedRequest, Ruling } from '../gate/gate.ts';
import { StateError } from '../state/state-error.ts';
import { decisionEvent } from './decision-event.ts';
import { type FactSources, findFact, platformIn } from './find-fact.ts';
import { ownCreate, passed, unlessAbsent } from './passed.ts';
import { lastingFacts, type RequestInProgress, requestsInProgress } from './requests-in-progress.ts';

export interface EnforcerDeps extends GrantDeps {
  readonly policy: () => PolicyState;
  readonly onPolicyChange: (listener: () => void) => unknown;
  readonly facts: FactSources;
  readonly record: (event: EventBody) => void;
  /** An empty folder of ours, to cover our own state with where a user's bind would show it. */
  readonly emptyFolder: string;
}

export type Decided = Exclude<Decision, { kind: 'need' }>;

/** A decision with what it was made from. */
interface Reached {
  readonly decision: Decided;
  readonly facts: Facts;
  readonly state: PolicyState;
}

/** Has each request decided and turns the decision into what the gate does. */
export function createEnforcer(deps: EnforcerDeps) {
  const inProgress = requestsInProgress({ record: deps.record, judge: (...known) => reach(deps, ...known) });
  deps.onPolicyChange(inProgress.policyChanged);
  deps.sockets.cutOffs.onCutOff(inProgress.cutOff);
  const followed = (ruling: Ruling, decided: Omit<RequestInProgress, 'cut'>, isCurrent: () => boolean): Ruling => {
    if (ruling.kind === 'answer') return ruling;
    // The host gate has no command list, and what is looked at again when the answer comes ends there.
    if (!isFiltered(decided.listener) || ruling.afterAnswer !== undefined) return { ...ruling, isCurrent };
    return { ...ruling, isCurrent, begun: (cut) => inProgress.begin({ ...decided, cut }) };
  };
  return async (request: ArrivedRequest, listener: Listener): Promise<Ruling> => {
    const note = (decision: Decided) => {
      const { operation, sentPath } = request;
      deps.record(decisionEvent({ listener, method: request.head.method, sentPath, operation }, decision));
    };
    const reached = unlessAbsent(await reach(deps, request, listener), request.operation, listener);
    const { decision, facts } = reached;
    try {
      const ruling = await toRuling(deps, request, listener, reached, note);
      if (decision.kind !== 'rewrite' || decision.grant === undefined) note(decision);
      return followed(ruling, { request, listener, facts }, () => isCurrent(deps, listener, reached));
    } catch (error) {
      const refusal = failure(deps, error);
      note({ kind: 'refuse', refusal });
      return answerOf(refusal);
    }
  };
}

/**
 * Asks for the decision and finds out what it needs, until there is one. What fails on the way is a refusal. `known` are
 * facts that need not be found out.
 */
export async function reach(
  deps: Pick<EnforcerDeps, 'policy' | 'facts' | 'failed'>,
  request: ArrivedRequest,
  listener: Listener,
  known: Facts = {},
): Promise<Reached> {
  let state = deps.policy();
  let facts = known;
  try {
    for (;;) {
      // Facts can take their time; a policy that has changed meanwhile is the one that decides.
      if (deps.policy() !== state) {
        state = deps.policy();
        facts = lastingFacts(facts);
      }
      const input = { state, listener, operation: request.operation, sentPath: request.sentPath, facts };
      const decision = decide(input);
      if (decision.kind !== 'need') return { decision, facts, state };
      facts = { ...facts, ...(await findFact(deps.facts, decision.fact, { request, listener, state, facts })) };
    }
  } catch (error) {
    return { decision: { kind: 'refuse', refusal: failure(deps, error) }, facts, state };
  }
}

/** Whether neither the policy nor a hand has changed what was decided. Ping and version are answered also when cut off. */
function isCurrent({ policy, sockets }: EnforcerDeps, listener: Listener, { facts, state }: Reached): boolean {
  if (policy() !== state) return false;
  if (listener.kind !== 'container-socket' || facts.cutOff === undefined) return true;
  return sockets.cutOffs.since(listener.holder.key) === undefined;
}

function failure(deps: Pick<EnforcerDeps, 'failed'>, error: unknown): Refusal {
  if (error instanceof EngineError) {
    const message = requestRefused(`the Docker engine did not tell what is needed to decide: ${error.message}`);
    return { status: 503, reason: 'engine-unreachable', message };
  }
  if (error instanceof StateError) {
    return { status: 403, reason: 'state-unusable', message: requestRefused(error.message) };
  }
  deps.failed(error);
  const message = requestRefused(`the request could not be decided, so it is refused: ${String(error)}`);
  return { status: 403, reason: 'internal-error', message };
}

async function toRuling(
  deps: EnforcerDeps,
  request: ArrivedRequest,
  listener: Listener,
  reached: Reached,
  note: (decision: Decided) => void,
): Promise<Ruling> {
  const { decision } = reached;
  switch (decision.kind) {
    case 'refuse':
      return answerOf(decision.refusal);
    case 'absent':
      return { kind: 'answer', answer: { status: 404, message: decision.message } };
    case 'pass':
      return passed(deps, request.operation, listener, reached.facts);
    case 'rewrite':
      return rewritten(deps, request, listener, reached, decision, note);
  }
}

function answerOf({ status, message }: Refusal): Ruling {
  return { kind: 'answer', answer: { status, message } };
}

async function rewritten(
  deps: EnforcerDeps,
  request: ArrivedRequest,
  listener: Listener,
  reached: Reached,
  decision: Extract<Decided, { kind: 'rewrite' }>,
  note: (decision: Decided) => void,
): Promise<Ruling> {
  const { facts } = reached;
  const body = await request.readBody();
  if (body.kind === 'refused' || facts.create?.kind !== 'read') throw new Error('the body was decided on but not read');
  const create = facts.create.value;
  const coverBinds = [...decision.keeps, ...decision.covers.map((path) => `${deps.emptyFolder}:${path}:ro`)];
  const { grant } = decision;
  if (grant === undefined) {
    const covered = rewriteCreate(body.bytes, create, { remove: [], addBinds: coverBinds });
    return { ...ownCreate(deps, listener), kind: 'forward', body: covered };
  }
  const platform = platformIn(request);
  const prepared = await grantSocket(deps, { request: create, grant, platform }, body.bytes, coverBinds);
  if (prepared.kind !== 'prepared') return stopped(prepared, grant, note);
  return {
    kind: 'forward',
    body: prepared.body,
    sent: () => deps.reached('create-sent'),
    answered: () => deps.reached('create-answered'),
    abandoned() {
      prepared.abandon();
      note({ kind: 'pass', note: 'abandoned' });
    },
    async afterAnswer(answer) {
      const socket = socketName(listener);
      const id = createdId(answer);
      // First, since with the end of the delivery the client counts as answered.
      if (socket !== undefined && id !== undefined) await deps.facts.own.add(socket, id).catch(deps.failed);
      const undone = await prepared.finish(answer, () => grantedNoMore(deps, request, listener, reached, grant));
      note(undone === undefined ? decision : undoneDecision(undone, grant));
      return undone && { status: undone.status ?? 403, message: undone.message };
    },
  };
}

function stopped(create: StoppedCreate, grant: Grant, note: (decision: Decided) => void): Ruling {
  note(create.kind === 'refused' ? undoneDecision(create, grant) : create);
  const status = create.kind === 'refused' ? (create.status ?? 403) : 404;
  return { kind: 'answer', answer: { status, message: create.message } };
}

/** Why what is so now would not have granted what it granted when the create was sent. */
async function grantedNoMore(
  deps: EnforcerDeps,
  request: ArrivedRequest,
  listener: Listener,
  reached: Reached,
  { image, imageId }: Grant,
): Promise<UndoneCreate | undefined> {
  if (isCurrent(deps, listener, reached)) return undefined;
  const { decision } = await reach(deps, request, listener, lastingFacts(reached.facts));
  if (decision.kind === 'refuse') return decision.refusal;
  // Where nothing is enforced any more, a filtered socket will do as well.
  if (decision.kind === 'pass' || (decision.kind === 'rewrite' && decision.grant?.imageId === imageId))
    return undefined;
  const cause = 'its tag moved to another image while the policy changed';
  return { reason: 'image-changed', message: mountDenied(image, cause, 'the container was removed again; try again') };
}

function undoneDecision({ status = 403, reason, message }: UndoneCreate, grant: Grant): Decided {
  return { kind: 'refuse', image: grant.image, refusal: { status, reason, message } };
}
