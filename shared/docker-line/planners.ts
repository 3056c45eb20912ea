import type { OperationId } from '../engine-api/operation.ts';
import { parseImageReference, repositoryName, withDefaultTag } from '../images/reference.ts';
import { createPlan, runPlan } from './container-plans.ts';
import type { DockerLine } from './docker-line.ts';
import { parseMountFlag } from './mount-flag.ts';
import { type Flags, isSet, lastOf } from './parse-flags.ts';
import { type PlanResult, type RequestDetails, requestFor } from './planned-request.ts';
import { pullQuery } from './pull-query.ts';

/** Finds out what one command asks for. */
export type Planner = (line: DockerLine, folder: string) => PlanResult;

type Wanted = readonly [operation: OperationId, details?: RequestDetails];

function plan(wanted: readonly Wanted[], ...notes: readonly string[]): PlanResult {
  return { ok: true, plan: { requests: wanted.flatMap(([op, details]) => requestFor(op, details) ?? []), notes } };
}

function missing(what: string): PlanResult {
  return { ok: false, problem: `${what} is missing` };
}

function pull({ args }: DockerLine): PlanResult {
  const [image] = args;
  return image === undefined ? missing('the image') : plan([['ImagePull', { query: pullQuery(image) }]]);
}

/** CLI 28.5 writes the repository out; older ones send it as it was typed. */
function push({ args, flags }: DockerLine): PlanResult {
  const [image] = args;
  if (image === undefined) return missing('the image');
  const parsed = parseImageReference(image);
  if (!parsed.ok) return { ok: false, problem: `"${image}" is not an image: ${parsed.problem}` };
  const { reference } = parsed;
  const query = isSet(flags, 'all-tags') ? {} : { tag: withDefaultTag(reference).tag ?? 'latest' };
  return plan([['ImagePush', { subject: repositoryName(reference), query }]]);
}

const withoutBuildx = { condition: 'sometimes', why: 'without buildx, or with DOCKER_BUILDKIT=0' } as const;

function build({ args }: DockerLine): PlanResult {
  if (args.length === 0) return missing('the folder to build');
  return plan(
    [['Grpc'], ['Session'], ['ImageBuild', withoutBuildx]],
    'what a build does inside BuildKit cannot be seen from outside',
  );
}

/** Where buildx is there, `docker builder` is its name, too. */
function builderPrune(): PlanResult {
  return plan([['Grpc'], ['BuildPrune', withoutBuildx]]);
}

/** What asks the engine's own BuildKit; other builders that buildx knows are containers, or elsewhere. */
function buildKit(): PlanResult {
  return plan([['Grpc']], 'a builder of buildx that is not the engine itself is asked by other ways');
}

function builders(): PlanResult {
  return plan([['Grpc', { condition: 'sometimes', why: 'when the engine is one of the builders' }]]);
}

/** `--opt a=b --opt c=d` */
function options(flags: Flags, flag: string): Readonly<Record<string, string>> {
  const pairs = (flags.get(flag) ?? []).map((pair) => {
    const equals = pair.indexOf('=');
    return equals === -1 ? ([pair, ''] as const) : ([pair.slice(0, equals), pair.slice(equals + 1)] as const);
  });
  return Object.fromEntries(pairs);
}

function volumeCreate({ args, flags }: DockerLine): PlanResult {
  const body = { Name: args[0] ?? '', Driver: lastOf(flags, 'driver') ?? '', DriverOpts: options(flags, 'opt') };
  return plan([['VolumeCreate', { body: JSON.stringify(body) }]]);
}

function networkCreate({ args, flags }: DockerLine): PlanResult {
  const [Name] = args;
  if (Name === undefined) return missing('the name of the network');
  const IPAM = { Driver: lastOf(flags, 'ipam-driver') ?? 'default' };
  const body = { Name, Driver: lastOf(flags, 'driver') ?? 'bridge', Options: options(flags, 'opt'), IPAM };
  return plan([['NetworkCreate', { body: JSON.stringify(body) }]]);
}

function update({ args, flags }: DockerLine): PlanResult {
  if (args.length === 0) return missing('the container');
  const restart = lastOf(flags, 'restart');
  const body = JSON.stringify(restart === undefined ? {} : { RestartPolicy: { Name: restart.split(':')[0] } });
  return plan(args.map((subject): Wanted => ['ContainerUpdate', { subject, body }]));
}

function exec({ args, flags }: DockerLine): PlanResult {
  const [container, ...command] = args;
  if (container === undefined || command.length === 0) return missing('the container or its command');
  const subject = { subject: container };
  const after: Wanted[] = isSet(flags, 'detach') ? [] : [['ExecInspect', { subject: 'EXEC' }]];
  return plan([
    ['ContainerInspect', subject],
    ['ContainerExec', { ...subject, body: JSON.stringify({ Privileged: isSet(flags, 'privileged') }) }],
    ['ExecStart', { subject: 'EXEC' }],
    ...after,
  ]);
}

function start({ args, flags }: DockerLine): PlanResult {
  if (args.length === 0) return missing('the container');
  const attaches = isSet(flags, 'attach') || isSet(flags, 'interactive');
  const before: readonly OperationId[] = attaches ? ['ContainerInspect', 'ContainerAttach', 'ContainerWait'] : [];
  return plan(args.flatMap((subject) => [...before, 'ContainerStart' as const].map((op): Wanted => [op, { subject }])));
}

function attach({ args }: DockerLine): PlanResult {
  const [subject] = args;
  if (subject === undefined) return missing('the container');
  return plan([
    ['ContainerInspect', { subject }],
    ['ContainerWait', { subject }],
    ['ContainerAttach', { subject }],
  ]);
}

function stats({ args }: DockerLine): PlanResult {
  const each: readonly Wanted[] = args.map((subject) => ['ContainerStats', { subject }]);
  return plan(args.length > 0 ? each : [['SystemEvents'], ['ContainerList'], ['ContainerStats']]);
}

/** `CONTAINER:PATH` on one side tells the direction. What is at the path is asked first, on the way out only for a link. */
function copy({ args, flags }: DockerLine): PlanResult {
  const [from, to] = args;
  if (from === undefined || to === undefined) return missing('the source or the target');
  const out = containerIn(from);
  const into = containerIn(to);
  if ((out === undefined) === (into === undefined)) {
    return { ok: false, problem: 'just one of the source and the target must be CONTAINER:PATH' };
  }
  const subject = out ?? into ?? '';
  const details = { subject, query: { path: '/' } };
  const look: Wanted[] = out === undefined || isSet(flags, 'follow-link') ? [['ContainerArchiveInfo', details]] : [];
  return plan([...look, [out === undefined ? 'ContainerArchivePut' : 'ContainerArchiveGet', details]]);
}

function containerIn(place: string): string | undefined {
  const colon = place.indexOf(':');
  return colon > 0 && !place.startsWith('/') && !place.startsWith('.') ? place.slice(0, colon) : undefined;
}

/** Kinds that `docker inspect` asks for one after the other, with the words of `--type`. */
const inspected: readonly (readonly [type: string, operation: OperationId])[] = [
  ['container', 'ContainerInspect'],
  ['image', 'ImageInspect'],
  ['network', 'NetworkInspect'],
  ['volume', 'VolumeInspect'],
  ['service', 'ServiceInspect'],
  ['task', 'TaskInspect'],
  ['node', 'NodeInspect'],
  ['plugin', 'PluginInspect'],
  ['secret', 'SecretInspect'],
  ['config', 'ConfigInspect'],
];

function inspect({ args, flags }: DockerLine): PlanResult {
  if (args.length === 0) return missing('the name of what it is about');
  const type = lastOf(flags, 'type');
  const kinds = type === undefined ? inspected : inspected.filter(([name]) => name === type);
  if (kinds.length === 0) return { ok: false, problem: `"${type}" is not something that can be inspected` };
  const later = { condition: 'sometimes', why: 'until one kind has the name' } as const;
  return plan(
    args.flatMap((subject) => kinds.map(([, op], index): Wanted => [op, { subject, ...(index > 0 && later) }])),
  );
}

function systemPrune({ flags }: DockerLine): PlanResult {
  const volumes: Wanted[] = isSet(flags, 'volumes') ? [['VolumePrune']] : [];
  return plan([['ContainerPrune'], ['NetworkPrune'], ...volumes, ['ImagePrune'], ['BuildPrune']]);
}

/** A service with the mounts that the line gives it. */
function service(operation: 'ServiceCreate' | 'ServiceUpdate', mountFlag: string): Planner {
  return ({ args, flags }, folder) => {
    const [first] = args;
    if (first === undefined) return missing(operation === 'ServiceCreate' ? 'the image' : 'the service');
    const mounts = [];
    for (const value of flags.get(mountFlag) ?? []) {
      const parsed = parseMountFlag(value, folder);
      if (!parsed.ok) return parsed;
      mounts.push(parsed.mount);
    }
    const body = JSON.stringify({ TaskTemplate: { ContainerSpec: { Mounts: mounts } } });
    const look: Wanted[] = operation === 'ServiceUpdate' ? [['ServiceInspect', { subject: first }]] : [];
    return plan([...look, [operation, { subject: first, body }]]);
  };
}

function pluginInstall({ args, flags }: DockerLine): PlanResult {
  const [plugin] = args;
  if (plugin === undefined) return missing('the plugin');
  const enable: Wanted[] = isSet(flags, 'disable') ? [] : [['PluginEnable', { subject: plugin }]];
  return plan(
    [
      ['PluginPrivileges', { query: { remote: plugin } }],
      ['PluginPull', { query: { remote: plugin }, body: '[]' }],
      ...enable,
    ],
    'what a plugin mounts is known only when its privileges were asked of the registry, and is not judged here',
  );
}

function pluginSet({ args }: DockerLine): PlanResult {
  const [subject, ...settings] = args;
  if (subject === undefined || settings.length === 0) return missing('the plugin or its setting');
  return plan([['PluginSet', { subject, body: JSON.stringify(settings) }]]);
}

function save({ args }: DockerLine): PlanResult {
  return args.length === 0 ? missing('the image') : plan([['ImageGetAll', { query: { names: args[0] ?? '' } }]]);
}

/** Commands whose requests depend on more than their names. */
export const planners: Readonly<Record<string, Planner>> = {
  'builder prune': builderPrune,
  'buildx du': buildKit,
  'buildx inspect': builders,
  'buildx ls': builders,
  'buildx prune': buildKit,
  'container attach': attach,
  'container cp': copy,
  'container create': createPlan,
  'container exec': exec,
  'container run': runPlan,
  'container start': start,
  'container stats': stats,
  'container update': update,
  'image build': build,
  'image load': () => plan([['ImageLoad']]),
  'image import': () => plan([['ImageImport']]),
  'image pull': pull,
  'image push': push,
  'image save': save,
  inspect,
  'network create': networkCreate,
  'plugin install': pluginInstall,
  'plugin set': pluginSet,
  'service create': service('ServiceCreate', 'mount'),
  'service update': service('ServiceUpdate', 'mount-add'),
  'system prune': systemPrune,
  'volume create': volumeCreate,
  version: () => plan([['SystemVersion']]),
};
