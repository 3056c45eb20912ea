import { readFile } from 'node:fs/promises';
import { isWithin } from '../../shared/decision/delivery-obstacle.ts';
import type { HolderFact } from '../../shared/decision/facts.ts';
import type { Listener } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import { isObserving, type PolicyState } from '../../shared/policy/policy.ts';
import { type EngineClient, type EngineContainer, isAway } from '../engine/engine-client.ts';
import type { Exposed } from '../sources/judge-here.ts';
import type { SourceSurvey } from '../sources/survey.ts';
import type { Bounds } from './bounds.ts';

export interface CheckStartedDeps {
  readonly engine: Pick<EngineClient, 'container' | 'killContainer'>;
  readonly survey: Pick<SourceSurvey, 'exposedIn' | 'mountedIn'>;
  readonly policy: () => PolicyState;
  /** What it holds by what the engine says of its mounts. Never rejects. */
  readonly holderOf: (container: EngineContainer) => Promise<HolderFact>;
  /** The filtered socket that it was created through: its holder has no right to more than its bounds. */
  readonly createdThrough: (containerId: string) => Promise<Listener | undefined>;
  readonly boundsOf: (listener: Listener) => Promise<Bounds>;
  /** Folders that Lockkeeper mounts itself: filtered sockets, and what covers its state. */
  readonly mountedByUs: readonly string[];
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
  if (mountinfo === undefined) return;
  const creator = await deps.createdThrough(container.id);
  const exposed = await deps.survey.exposedIn(mountinfo);
  if (exposed !== undefined) return tellExposed(deps, container, exposed, creator !== undefined);
  const outside = creator && (await boundOutside(deps, container, mountinfo, creator));
  if (outside === undefined) return;
  await deps.engine.killContainer(container.id);
  const what = `was started with ${outside.found}, mounted at ${outside.target}, which its creator may not bind`;
  tell(deps, container, `${what}; it was killed`);
}

async function tellExposed(
  deps: CheckStartedDeps,
  container: EngineContainer,
  { socket, point }: Exposed,
  isOfFilteredSocket: boolean,
): Promise<void> {
  const isKilled = deniesOnHostGate(deps.policy()) || isOfFilteredSocket;
  if (isKilled) await deps.engine.killContainer(container.id);
  // Those that show by what the engine says are told of by who looks for them.
  else if ((await deps.holderOf(container)).kind === 'raw') return;
  const what = `was started with a way to the engine that is not filtered: ${socket}, at or below ${point}`;
  tell(deps, container, `${what}; ${isKilled ? 'it was killed' : `remove it with docker rm -f ${container.name}`}`);
}

function tell({ record }: CheckStartedDeps, { name, image }: EngineContainer, words: string): void {
  record({ type: 'lifecycle', what: 'alarm', detail: `container "${name}" of ${image} ${words}` });
}

/** A bind whose source was another thing when the engine mounted it than when it was looked at. */
async function boundOutside(
  deps: CheckStartedDeps,
  { mounts }: EngineContainer,
  mountinfo: string,
  creator: Listener,
): Promise<{ readonly target: string; readonly found: string } | undefined> {
  if (!deniesBinds(deps.policy())) return undefined;
  const pathsAt = await deps.survey.mountedIn(mountinfo);
  const bounds = await deps.boundsOf(creator);
  const isByUs = (path: string) => deps.mountedByUs.some((folder) => isWithin(path, folder));
  for (const { type, source, target, isWritable } of mounts) {
    if (type !== 'bind') continue;
    // One place can have several paths.
    const paths = pathsAt(target);
    // What has come by its own path was judged by it; since then only the policy can have changed.
    if (paths.includes(source)) continue;
    const [found] = paths;
    const isInside = paths.some((path) => isByUs(path) || bounds.hold(path, !isWritable));
    if (found !== undefined && !isInside) return { target, found };
  }
  return undefined;
}

function deniesBinds(state: PolicyState): boolean {
  if (state.kind !== 'effective') return true;
  const { values } = state.policy;
  const isPermitted = values['lockkeeper.containerSockets.allow'].includes('bind-outside');
  return values['lockkeeper.containerSockets.hostEscape'] === 'deny' && !isPermitted;
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
