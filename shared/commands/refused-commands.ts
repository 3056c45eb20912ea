import type { OperationId } from '../engine-api/operation.ts';

/** A docker command that a list cannot name, as it has no operation of its own or is never filtered. */
export interface RefusedCommand {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Operations it cannot do without: what fails when they are refused. */
  readonly uses: readonly OperationId[];
  /** Operations that it sends in some situations only. */
  readonly usesAtTimes: readonly OperationId[];
  /** Why a list cannot name it and what to name instead. */
  readonly refusedAtLoad: string;
}

const composeRemedy =
  'compose has no operation of its own; what it sends belongs to "ps" and "inspect" (it looks for its containers), "create", "start", "stop", "restart", "kill", "rm", "rename", "cp", "attach", "wait", "exec", "logs", "top", "events", "info", "build", "pull", "push", "image inspect", "network ls", "network inspect", "network create", "network rm", "volume inspect", "volume create" and "volume rm": list the ones you mean ("create" stops "compose up")';

const stackRemedy =
  'stack has no operation of its own; what it sends belongs to "info", "service create", "service update", "service rm", "service ls", "service ps", "network ls", "network create", "network rm", "secret*" and "config*": list the ones you mean ("service create" stops "stack deploy")';

const buildxRemedy =
  'buildx has no operation of its own; its docker driver builds through what "build" covers, its docker-container driver through "create", "start", "exec", "cp", "inspect", "pull" and "info": list the ones you mean';

const registryRemedy =
  'talks to the registry without the engine, so that it cannot be filtered here; "push" and "pull" are the ways to a registry through the engine';

const clientRemedy = 'works on files of the client only, so that there is nothing to filter';

function refused(
  name: string,
  refusedAtLoad: string,
  uses: readonly OperationId[] = [],
  usesAtTimes: readonly OperationId[] = [],
  aliases: readonly string[] = [],
): RefusedCommand {
  return { name, aliases, uses, usesAtTimes, refusedAtLoad };
}

/** Commands with more words that begin with these (`compose pause`) are refused for the same reason. */
export const refusedCommands: readonly RefusedCommand[] = [
  refused('compose', composeRemedy),
  refused(
    'compose up',
    composeRemedy,
    ['ContainerList', 'ContainerCreate', 'ContainerStart', 'ContainerInspect', 'ImageInspect', 'NetworkInspect'],
    [
      'NetworkList',
      'NetworkCreate',
      'NetworkConnect',
      'NetworkDisconnect',
      'VolumeInspect',
      'VolumeCreate',
      'ContainerArchivePut',
      'ContainerAttach',
      'ContainerStop',
      'ContainerRename',
      'ContainerDelete',
      'ContainerLogs',
      'SystemEvents',
      'SystemInfo',
      'ImagePull',
      'ImageBuild',
      'Session',
      'Grpc',
      'GrpcOverHttp2',
      'DistributionInspect',
    ],
  ),
  refused(
    'compose run',
    composeRemedy,
    ['ContainerList', 'ContainerCreate', 'ContainerStart', 'ContainerInspect', 'ImageInspect'],
    ['ContainerAttach', 'ContainerWait', 'ContainerResize', 'ContainerDelete', 'ContainerArchivePut'],
  ),
  refused(
    'compose down',
    composeRemedy,
    ['ContainerList', 'ContainerStop', 'ContainerDelete', 'NetworkList', 'NetworkDelete'],
    ['NetworkInspect', 'VolumeInspect', 'VolumeDelete', 'ImageDelete'],
  ),
  refused(
    'compose exec',
    composeRemedy,
    ['ContainerList', 'ContainerInspect', 'ContainerExec', 'ExecStart', 'ExecInspect'],
    ['ExecResize'],
  ),
  refused('compose build', composeRemedy, ['SystemInfo'], ['ImageBuild', 'Session', 'Grpc', 'GrpcOverHttp2']),
  refused('stack', stackRemedy),
  refused(
    'stack deploy',
    stackRemedy,
    ['SystemInfo', 'ServiceCreate', 'ServiceList', 'NetworkList'],
    [
      'DistributionInspect',
      'ServiceUpdate',
      'ServiceDelete',
      'NetworkCreate',
      'NetworkInspect',
      'SecretInspect',
      'SecretCreate',
      'SecretUpdate',
      'ConfigInspect',
      'ConfigCreate',
      'ConfigUpdate',
      'TaskList',
      'NodeList',
    ],
    ['stack up'],
  ),
  refused(
    'stack rm',
    stackRemedy,
    ['ServiceList', 'ServiceDelete', 'NetworkList', 'SecretList', 'ConfigList'],
    ['NetworkDelete', 'SecretDelete', 'ConfigDelete', 'TaskList'],
    ['stack down', 'stack remove'],
  ),
  refused('stack ls', stackRemedy, ['ServiceList'], [], ['stack list']),
  refused('stack ps', stackRemedy, ['TaskList'], ['ServiceInspect', 'NodeInspect', 'SystemInfo']),
  refused('stack services', stackRemedy, ['ServiceList'], ['TaskList', 'NodeList']),
  refused('buildx', buildxRemedy),
  refused(
    'buildx create',
    buildxRemedy,
    ['ContainerInspect', 'ContainerCreate', 'ContainerStart', 'ContainerExec', 'ExecStart'],
    ['ImageInspect', 'ImagePull', 'ContainerArchivePut', 'SystemInfo', 'ExecInspect'],
  ),
  refused('buildx bake', buildxRemedy, [], ['Session', 'Grpc', 'GrpcOverHttp2'], ['bake']),
  refused('buildx prune', buildxRemedy, [], ['Grpc', 'GrpcOverHttp2']),
  refused('buildx du', buildxRemedy, [], ['Grpc', 'GrpcOverHttp2']),
  refused('context', clientRemedy),
  refused('completion', clientRemedy),
  refused('manifest', registryRemedy),
  refused('trust', registryRemedy),
  refused('logout', clientRemedy),
  refused(
    'version',
    '"GET /version" is always passed, as every client needs it to agree on an API version; leave the entry out',
    ['SystemVersion'],
  ),
  refused(
    'system dial-stdio',
    'hands on whatever requests it is given, each of which is judged for itself; leave the entry out',
  ),
];
