import { imageName } from '../../shared/decision/decide-create.ts';
import type { Facts, ImageFact } from '../../shared/decision/facts.ts';
import type { Listener } from '../../shared/decision/listener.ts';
import { apiCreatePlan } from '../../shared/docker-line/container-plans.ts';
import { parseDockerLine } from '../../shared/docker-line/docker-line.ts';
import { planOf } from '../../shared/docker-line/plan.ts';
import type { Plan } from '../../shared/docker-line/planned-request.ts';
import { readCreateBody } from '../../shared/engine-api/create-body.ts';
import { parseImageReference } from '../../shared/images/reference.ts';
import type { CheckInput, CheckOutput, CheckReport, CheckStep, CheckVerdict, WayIn } from '../../shared/ipc/check.ts';
import { readJson } from '../../shared/json/read-json.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import { EngineError } from '../engine/engine-client.ts';
import { checkStep } from './check-step.ts';
import { callerOf } from './decision-event.ts';
import { type DryRun, type DryRunDeps, dryRun } from './dry-run.ts';
import type { FactSources } from './find-fact.ts';

export interface CheckDeps {
  readonly policy: () => PolicyState;
  readonly facts: FactSources;
  /** The listener that a way in means, or why there is none. */
  readonly listenerFor: (from: WayIn) => Promise<FoundListener>;
}

export type FoundListener =
  | { readonly ok: true; readonly listener: Listener; readonly note?: string }
  | { readonly ok: false; readonly message: string };

/** Says what would become of a command line or a create body, step by step, and does nothing. */
export async function check(deps: CheckDeps, input: CheckInput): Promise<CheckOutput> {
  const planned = plan(input.ask);
  if (!planned.ok) return { kind: 'unreadable', message: planned.problem };
  const found = await deps.listenerFor(input.from);
  if (!found.ok) return { kind: 'no-such-way-in', message: found.message };
  // One state for all steps, as one request has one.
  const state = deps.policy();
  const run = { policy: () => state, facts: deps.facts };
  const { steps, notes } = await walk(run, planned.plan, found.listener);
  return {
    kind: 'report',
    verdict: overall(steps),
    ...(planned.command !== undefined && { command: planned.command }),
    from: callerOf(found.listener),
    policy: policyWords(state),
    steps: [...steps],
    notes: [...planned.plan.notes, ...(found.note === undefined ? [] : [found.note]), ...notes],
  };
}

type Planned =
  | { readonly ok: true; readonly plan: Plan; readonly command?: string }
  | { readonly ok: false; readonly problem: string };

function plan(ask: CheckInput['ask']): Planned {
  if (ask.kind === 'create') return { ok: true, plan: apiCreatePlan(ask.body, imageIn(ask.body)) };
  const parsed = parseDockerLine(ask.words);
  if (!parsed.ok) return parsed;
  const made = planOf(parsed.line, ask.folder);
  return made.ok ? { ...made, command: parsed.line.command } : made;
}

/** Undefined where there is none, or where the body cannot be read, which the decision about it will say. */
function imageIn(body: string): string | undefined {
  const json = readJson(Buffer.from(body));
  const reading = json.ok && json.node.kind === 'object' ? readCreateBody(json.node) : undefined;
  return reading?.ok === true && reading.value.image !== '' ? reading.value.image : undefined;
}

function policyWords(state: PolicyState): CheckReport['policy'] {
  const enforced = state.kind === 'closed' || state.policy.values['enhancedContainerIsolation.value'];
  return { kind: state.kind, generation: state.generation, enforced };
}

function overall(steps: readonly CheckStep[]): CheckVerdict {
  const counting = steps.filter(({ condition }) => condition !== 'sometimes').map(({ verdict }) => verdict);
  if (counting.includes('blocked')) return 'blocked';
  return counting.includes('undecided') ? 'undecided' : 'allowed';
}

interface Walked {
  readonly steps: readonly CheckStep[];
  readonly notes: readonly string[];
}

/** Decides one request after the other; what an earlier one would bring about is supposed for the later ones. */
async function walk(deps: DryRunDeps, { requests, image }: Plan, listener: Listener): Promise<Walked> {
  const { isAbsent, notes } = await lookForImage(deps.facts, image);
  const steps: CheckStep[] = [];
  let created: DryRun | undefined;
  for (const request of requests) {
    if (request.condition === 'image-absent' && !isAbsent) continue;
    if (request.ofCreated && !wouldExist(created)) continue;
    const isSecondTry = request.condition === 'image-absent' && request.body !== undefined;
    const known = request.ofCreated ? factsOfCreated(created) : isSecondTry ? afterPull(deps.policy(), image) : {};
    const decided = await dryRun(deps, request, listener, known);
    steps.push(withSupposition(checkStep(request, decided), isSecondTry));
    if (decided.operation?.id === 'ContainerCreate') created = decided;
  }
  const granted = steps.some(({ socket }) => socket !== undefined);
  return { steps, notes: granted ? [...notes, deliveryNote] : notes };
}

const deliveryNote = 'what the image itself has at the place of the socket is seen only when the container is created';
const pullNote = 'supposing that the pull brings the image that the list means; its digest is proven then';

function withSupposition(step: CheckStep, isSupposed: boolean): CheckStep {
  return isSupposed && step.socket !== undefined ? { ...step, notes: [...step.notes, pullNote] } : step;
}

/** Whether the engine has the image; where that is not known, the notes say why, and it counts as there. */
async function lookForImage(
  { engine }: FactSources,
  image: string | undefined,
): Promise<{ readonly isAbsent: boolean; readonly notes: readonly string[] }> {
  if (image === undefined) return { isAbsent: false, notes: [] };
  try {
    return { isAbsent: (await engine.image(image)) === undefined, notes: [] };
  } catch (error) {
    const answered = error instanceof EngineError && error.status !== undefined;
    const note = answered
      ? `the engine does not say whether it has ${image}: ${error.message}`
      : `the engine was not reached, so that it is not known whether it has ${image}`;
    return { isAbsent: false, notes: [note] };
  }
}

function wouldExist(created: DryRun | undefined): created is DryRun {
  return created !== undefined && created.decision.kind !== 'refuse';
}

/** The container as it would be when the create went through. */
function factsOfCreated(created: DryRun | undefined): Facts {
  const grant = created?.decision.kind === 'rewrite' ? created.decision.grant : undefined;
  const { create, image } = created?.facts ?? {};
  return {
    ownContainer: true,
    startBody: { kind: 'read', value: 'empty' },
    // What it has was judged when it was created.
    escapes: { kind: 'read', value: [] },
    container: {
      kind: 'present',
      id: '',
      image: create?.kind === 'read' ? create.value.image : '',
      imageId: grant?.imageId ?? '',
      holds: grant === undefined ? { kind: 'nothing' } : { kind: 'filtered-socket', targets: grant.targets },
    },
    ...(image !== undefined && { image }),
  };
}

/** The image as a pull from its registry would bring it: every entry for its name proves. */
function afterPull(state: PolicyState, image = ''): Facts {
  const parsed = parseImageReference(image);
  const entries = state.kind === 'effective' && parsed.ok ? state.policy.imageList.entriesFor(parsed.reference) : [];
  const supposed: ImageFact = {
    kind: 'present',
    name: imageName(image),
    id: '',
    digests: [],
    proofs: entries.map((entry) => ({ entry, verdict: 'confirmed', detail: 'supposed' })),
  };
  return { image: supposed };
}
