import { readFile } from 'node:fs/promises';
import type { HolderFact } from '../../shared/decision/facts.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import { isObserving, type PolicyState } from '../../shared/policy/policy.ts';
import { type EngineClient, type EngineContainer, isAway } from '../engine/engine-client.ts';
import type { Exposed } from '../sources/judge-here.ts';
import type { SourceSurvey } from '../sources/survey.ts';

export interface CheckStartedDeps {
  readonly engine: Pick<EngineClient, 'container' | 'killContainer'>;
  readonly survey: Pick<SourceSurvey, 'exposedIn'>;
  readonly policy: () => PolicyState;
  /** What it holds by what the engine says of its mounts. Never rejects. */
  readonly holderOf: (container: EngineContainer) => Promise<HolderFact>;
  /** Whether it was created through a filtered socket, whose holder has no right to it. */
  readonly isOfFilteredSocket: (containerId: string) => Promise<boolean>;
  readonly record: (event: EventBody) => void;
  /** Where procfs is mounted. */
  readonly procRoot?: string;
}

/**
 * Looks at what is really mounted in a container that has just been started, as far as its first process may be looked at.
 * The engine resolves the sources of mounts itself, also at restarts that nobody asks for: what was checked may be another
 * thing by then. This finds it and does not prevent it.
 */
export function checkStarted(deps: CheckStartedDeps): (containerId: string) => Promise<void> {
  return async (containerId) => {
    if (!isEnforced(deps.policy())) return;
    try {
      const container = await deps.engine.container(containerId);
      if (container !== undefined) await check(deps, container);
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  };
}

function isEnforced(state: PolicyState): boolean {
  if (isObserving(state)) return false;
  return state.kind === 'closed' || state.policy.values['enhancedContainerIsolation.value'];
}

function deniesOnHostGate(state: PolicyState): boolean {
  return state.kind === 'effective' && state.policy.values['lockkeeper.hostGate.hostEscape'] === 'deny';
}

async function check(deps: CheckStartedDeps, container: EngineContainer): Promise<void> {
  const mountinfo = await mountsOf(container, deps.procRoot ?? '/proc');
  const exposed = mountinfo === undefined ? undefined : await deps.survey.exposedIn(mountinfo);
  if (exposed === undefined) return;
  const isKilled = deniesOnHostGate(deps.policy()) || (await deps.isOfFilteredSocket(container.id));
  if (isKilled) await deps.engine.killContainer(container.id);
  // Those that show by what the engine says are told of by who looks for them.
  else if ((await deps.holderOf(container)).kind === 'raw') return;
  deps.record({ type: 'lifecycle', what: 'alarm', detail: alarm(container, exposed, isKilled) });
}

/** Undefined where it runs no more, or is not for us to look at. */
async function mountsOf({ id, pid }: EngineContainer, procRoot: string): Promise<string | undefined> {
  if (pid === undefined || pid === 0) return undefined;
  const read = (name: string) => readFile(`${procRoot}/${pid}/${name}`, 'utf8').catch(() => undefined);
  const mountinfo = await read('mountinfo');
  // An engine with process IDs of its own means another process by that one.
  const isIt = (await read('cgroup'))?.includes(id) === true;
  return isIt ? mountinfo : undefined;
}

function alarm({ name, image }: EngineContainer, { socket, point }: Exposed, isKilled: boolean): string {
  const what = `container "${name}" of ${image} was started with a way to the engine that is not filtered: ${socket}, at or below ${point}`;
  const then = isKilled ? 'it was killed' : `remove it with docker rm -f ${name}`;
  return `${what}; ${then}`;
}
