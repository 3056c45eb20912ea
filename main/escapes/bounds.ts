import { isWithin } from '../../shared/decision/delivery-obstacle.ts';
import { isFiltered, type Listener } from '../../shared/decision/listener.ts';
import type { Escape } from '../../shared/escape/kinds.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import { cleanPath } from '../sources/clean-path.ts';
import type { SourceSurvey } from '../sources/survey.ts';
import { looseSources } from './loose-sources.ts';

/** A folder, or a file, that the holder of a filtered socket may hand on. */
interface Bound {
  /** As it was given. */
  readonly source: string;
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
  readonly engine: Pick<EngineClient, 'container' | 'containers'>;
  readonly survey: Pick<SourceSurvey, 'resolve'>;
  /** What lies there are filtered sockets, which are judged as such. */
  readonly socketsFolder: string;
}

/**
 * What the container behind a socket has bound itself, and below, and what the policy adds. A source that has become a
 * link since counts no more where some container could have put the link there: it would grow its own bounds.
 */
export async function boundsOf(deps: BoundsDeps, listener: Listener, state: PolicyState): Promise<Bounds> {
  const given = state.kind === 'effective' ? state.policy.values['lockkeeper.containerSockets.bindFrom'] : [];
  const own = await ownBinds(deps, listener);
  const wanted = [...given.map((source) => ({ source, isWritable: true })), ...own];
  const resolved = (await Promise.all(wanted.map((bound) => resolveBound(deps, bound)))).flat();
  const links = resolved.filter(({ path, source }) => path !== cleanPath(source)).map(({ source }) => source);
  const loose = new Set((await looseSources(deps, links, [])).map(({ source }) => source));
  const bounds = resolved.filter(({ source }) => !loose.has(source));
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
  return found.kind === 'path' ? [{ source, path: found.path, isWritable }] : [];
}
