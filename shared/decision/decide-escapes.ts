import { mayLeadOut, requestEscapes } from '../escape/by-operation.ts';
import { type Escape, type EscapeKind, escapeReasons } from '../escape/kinds.ts';
import { escapeBlocked } from '../messages/refusal.ts';
import { isObserving, type PolicyPath, type PolicyState } from '../policy/policy.ts';
import { type Decision, type DecisionInput, need } from './decision.ts';
import { isFiltered, type Listener } from './listener.ts';
import { escapeReason } from './reason.ts';
import { fileOf, refuseBody, whereSet } from './refuse.ts';

/** What is refused by its method, path and query alone, so that nothing need be found out about it. */
export function decideShownEscapes(input: DecisionInput): Decision | undefined {
  if (modeOf(input.state, input.listener) === 'report') return undefined;
  const permitted = permittedOn(input);
  const barred = requestEscapes(input.operation).find(({ kind }) => !permitted.has(kind));
  return barred && refuseEscape(input, barred);
}

type GoesOn = Extract<Decision, { kind: 'pass' | 'rewrite' }>;

/**
 * What leads out of a container although it is not the socket: a filtered socket is worth nothing to its holder's image
 * list if a privileged container can be created through it. Asked last, of what would go on otherwise.
 */
export function decideEscapes(input: DecisionInput, decision: Decision): Decision {
  if (decision.kind !== 'pass' && decision.kind !== 'rewrite') return decision;
  if (!mayLeadOut(input.operation.id)) return decision;
  const { escapes } = input.facts;
  const mode = modeOf(input.state, input.listener);
  if (escapes === undefined) return need('escapes');
  if (escapes.kind === 'refused') {
    if (mode === 'deny' || escapes.status === 413) return refuseBody(escapes.status, escapes.problem);
    // It goes on for the engine to judge, and is told: it may read there what we could not.
    return { ...decision, escapes: [{ kind: 'unknown-fields', found: escapes.problem }] };
  }
  const found = escapes.value;
  if (found.length === 0) return decision;
  return mode === 'report' ? { ...decision, escapes: found } : decideFound(input, decision, found);
}

function decideFound(input: DecisionInput, decision: GoesOn, found: readonly Escape[]): Decision {
  const permitted = permittedOn(input);
  const barred = found.filter(({ kind }) => !permitted.has(kind));
  const [first] = barred;
  if (first === undefined) return { ...decision, escapes: found };
  const reaper = reaperOf(decision);
  if (reaper !== undefined && barred.every(({ kind }) => kind === 'privileged')) {
    return { ...reaper, escapes: found.filter(({ kind }) => permitted.has(kind)) };
  }
  const refused = refuseEscape(input, first);
  if (!isObserving(input.state)) return refused;
  return { ...decision, escapes: found, observed: decision.observed ?? { refusal: refused.refusal } };
}

/** Whether it is refused or only told of. Without a usable policy filtered sockets answer nothing anyway. */
function modeOf(state: PolicyState, listener: Listener): 'report' | 'deny' {
  if (state.kind === 'closed') return isFiltered(listener) ? 'deny' : 'report';
  return state.policy.values[settingOf(listener)];
}

function settingOf(listener: Listener) {
  return isFiltered(listener) ? 'lockkeeper.containerSockets.hostEscape' : 'lockkeeper.hostGate.hostEscape';
}

const none: ReadonlySet<EscapeKind> = new Set();

function permittedOn({ state, listener }: DecisionInput): ReadonlySet<EscapeKind> {
  if (state.kind === 'closed' || !isFiltered(listener)) return none;
  return new Set(state.policy.values['lockkeeper.containerSockets.allow']);
}

/**
 * Testcontainers' reaper asks to be privileged unless it is told not to, and needs nothing but the socket. One that the
 * image list admits gets that, as any container does without asking for more.
 */
function reaperOf(decision: GoesOn): GoesOn | undefined {
  const grant = decision.kind === 'rewrite' ? decision.grant : undefined;
  if (grant === undefined || decision.kind !== 'rewrite') return undefined;
  return REAPER.test(grant.image) ? { ...decision, grant: { ...grant, isUnprivileged: true } } : undefined;
}

/** Also from a mirror of one's own. */
const REAPER = /(^|\/)testcontainers\/ryuk([:@][^/]*)?$/;

function refuseEscape(input: DecisionInput, { kind, found }: Escape): Extract<Decision, { kind: 'refuse' }> {
  const { path, words } = cureFor(input, kind);
  const addition = `${words}, ${whereSet(input.state, path)}`;
  const message = escapeBlocked(input.sentPath, found, escapeReasons[kind], addition);
  const refusal = {
    status: 403,
    reason: escapeReason(kind),
    message,
    remedy: addition,
    ...ruleOf(input, path),
  } as const;
  return { kind: 'refuse', refusal };
}

/** The one setting that would let it through. */
function cureFor({ listener }: DecisionInput, kind: EscapeKind): { readonly path: PolicyPath; readonly words: string } {
  if (!isFiltered(listener)) {
    const path = 'lockkeeper.hostGate.hostEscape';
    return { path, words: `${path}: "report" would let it through` };
  }
  if (kind === 'bind-outside') {
    const path = 'lockkeeper.containerSockets.bindFrom';
    return { path, words: `a folder in ${path} may be bound, with what lies below it` };
  }
  const path = 'lockkeeper.containerSockets.allow';
  return { path, words: `"${kind}" in ${path} would let it through` };
}

function ruleOf({ state, listener }: DecisionInput, path: PolicyPath) {
  return { rule: `${settingOf(listener)}: "deny"`, ...fileOf(state, path) };
}
