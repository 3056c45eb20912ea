import { isWithin } from '../../shared/decision/delivery-obstacle.ts';
import { isFiltered, type Listener } from '../../shared/decision/listener.ts';
import type { Escape } from '../../shared/escape/kinds.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { SourceSurvey } from '../sources/survey.ts';

/** A folder, or a file, that the holder of a filtered socket may hand on. */
interface Bound {
  /** Without links. */
  readonly path: string;
  readonly isWritable: boolean;
}

/** What a holder may have other containers mount. */
export interface Bounds {
  /** Why a source must not be mounted, or nothing. */
  check(source: string, isReadOnly: boolean): Promise<readonly Escape[]>;
  /** The same of a path without links. */
  hold(path: string, isReadOnly: boolean): boolean;
}

export interface BoundsDeps {
  readonly engine: Pick<EngineClient, 'container'>;
  readonly survey: Pick<SourceSurvey, 'resolve'>;
  /** What lies there are filtered sockets, which are judged as such. */
  readonly socketsFolder: string;
}

/** What the container behind a socket has bound itself, and below, and what the policy adds. */
export async function boundsOf(deps: BoundsDeps, listener: Listener, state: PolicyState): Promise<Bounds> {
  const given = state.kind === 'effective' ? state.policy.values['lockkeeper.containerSockets.bindFrom'] : [];
  const own = await ownBinds(deps, listener);
  const wanted = [...given.map((source) => ({ source, isWritable: true })), ...own];
  const resolved = await Promise.all(wanted.map((bound) => resolveBound(deps, bound)));
  const bounds = resolved.flat();
  const hold = (path: string, isReadOnly: boolean) =>
    bounds.some((bound) => isWithin(path, bound.path) && (bound.isWritable || isReadOnly));
  return {
    hold,
    async check(source, isReadOnly) {
      const found = await deps.survey.resolve(source);
      if (found.kind === 'unverifiable') return [{ kind: 'bind-outside', found: `${source} (${found.why})` }];
      const { path } = found;
      if (hold(path, isReadOnly)) return [];
      const leads = path === source ? source : `${source}, which leads to ${path}`;
      return [{ kind: 'bind-outside', found: hold(path, true) ? `${leads}, for writing` : leads }];
    },
  };
}

type WantedBound = { readonly source: string; readonly isWritable: boolean };

async function ownBinds({ engine, socketsFolder }: BoundsDeps, listener: Listener): Promise<readonly WantedBound[]> {
  if (!isFiltered(listener) || listener.kind !== 'container-socket') return [];
  const container = await engine.container(listener.holder.containerId);
  return (container?.mounts ?? []).filter(({ type, source }) => type === 'bind' && !isWithin(source, socketsFolder));
}

async function resolveBound({ survey }: BoundsDeps, { source, isWritable }: WantedBound): Promise<readonly Bound[]> {
  const found = await survey.resolve(source);
  return found.kind === 'path' ? [{ path: found.path, isWritable }] : [];
}
