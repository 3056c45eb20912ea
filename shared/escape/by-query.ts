import type { Operation } from '../engine-api/operation.ts';
import type { QueryPair } from '../http/request-target.ts';
import type { Escape, EscapeKind } from './kinds.ts';
import { hostOf, isLocalHost } from './local-url.ts';
import { isForeignNetwork } from './networks.ts';

type Asked = Pick<Operation, 'id' | 'target'>;

/** The parameters of a build that Docker knows, up to API 1.56 (moby build_routes newImageBuildOptions). */
const BUILD_PARAMETERS = new Set(
  (
    't remote dockerfile extrahosts q nocache cachefrom pull rm forcerm memory memswap cpushares cpusetcpus cpusetmems ' +
    'cpuperiod cpuquota cgroupparent buildargs shmsize squash labels networkmode platform target outputs version ' +
    'buildid session ulimits securityopt isolation'
  ).split(' '),
);

/** What shows by an operation's query. Each of several values counts: engines take the first, or the last. */
export function queryEscapes(asked: Asked): readonly Escape[] {
  const { query } = asked.target;
  const each = (kind: EscapeKind, name: string) => valuesOf(query, name).map((value) => found(kind, name, value));
  switch (asked.id) {
    case 'ImageBuild':
    case 'ImageBuildWithBuildKit':
      return [
        ...valuesOf(query, 'networkmode')
          .filter(isHostNetwork)
          .map((mode) => found('host-network', 'networkmode', mode)),
        ...each('cgroup-parent', 'cgroupparent'),
        ...securityOptions(query),
        ...localSources(asked),
        ...unknownParameters(query),
      ];
    case 'ImageImport':
      return [...localSources(asked), ...filesOfPodman(query)];
    case 'ContainerStart':
      return [...each('checkpoints', 'checkpoint'), ...each('checkpoints', 'checkpoint-dir')];
    case 'CheckpointList':
      return each('checkpoints', 'dir');
    default:
      return [];
  }
}

function isHostNetwork(mode: string): boolean {
  return mode === 'host' || isForeignNetwork(mode);
}

function securityOptions(query: readonly QueryPair[]): readonly Escape[] {
  const said = valuesOf(query, 'securityopt').some((value) => !['[]', 'null'].includes(value));
  return said ? [{ kind: 'security-options', found: 'the parameter "securityopt"' }] : [];
}

function unknownParameters(query: readonly QueryPair[]): readonly Escape[] {
  return query
    .filter(({ name, value }) => value !== '' && !BUILD_PARAMETERS.has(name))
    .map(({ name }) => ({ kind: 'unknown-fields', found: `the parameter "${name}"` }));
}

/** Without a scheme it is a file of the machine for Podman. */
function filesOfPodman(query: readonly QueryPair[]): readonly Escape[] {
  const files = valuesOf(query, 'fromSrc').filter((source) => source !== '-' && !/^https?:\/\//i.test(source));
  return files.map(() => ({ kind: 'local-url', found: 'fromSrc without "http://"' }));
}

/** What the engine fetches itself, and from which host. */
export interface Fetched {
  /** The parameter that says so. */
  readonly name: string;
  readonly host: string;
}

/** What the client sends itself: a body, or a session of BuildKit's (moby api/server/backend/build). */
const FROM_THE_CLIENT = new Set(['-', 'client-session']);

export function fetchedBy({ id, target }: Asked): readonly Fetched[] {
  const builds = id === 'ImageBuild' || id === 'ImageBuildWithBuildKit';
  if (!builds && id !== 'ImageImport') return [];
  const name = builds ? 'remote' : 'fromSrc';
  return valuesOf(target.query, name).flatMap((url) => {
    if (FROM_THE_CLIENT.has(url)) return [];
    const host = hostOf(url);
    return host === undefined ? [] : [{ name, host }];
  });
}

/** Told by its host alone: there are secrets in URLs. */
function localSources(asked: Asked): readonly Escape[] {
  const local = fetchedBy(asked).filter(({ host }) => isLocalHost(host));
  return local.map(({ name, host }) => found('local-url', name, host));
}

function valuesOf(query: readonly QueryPair[], name: string): readonly string[] {
  return query.flatMap((pair) => (pair.name === name && pair.value !== '' ? [pair.value] : []));
}

function found(kind: EscapeKind, name: string, value: string): Escape {
  return { kind, found: `${name}: "${value}"` };
}
