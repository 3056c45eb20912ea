import { field, type Reading, reading } from '../engine-api/body-fields.ts';
import type { Operation, OperationId } from '../engine-api/operation.ts';
import { refuseNullPointers } from '../engine-api/pointer-lists.ts';
import type { JsonObject } from '../json/json-node.ts';
import { queryEscapes } from './by-query.ts';
import { connectedNetworks } from './create-escapes.ts';
import { fieldEscapes } from './host-config.ts';
import type { Escape, EscapeKind } from './kinds.ts';
import { readNetworkCreate } from './networks.ts';
import { readVolumeCreate } from './volume-options.ts';

/** Operations that lead out whatever they say. */
const always = new Map<OperationId, EscapeKind>([
  ...kind('plugins', 'PluginPull', 'PluginUpgrade', 'PluginSet', 'PluginCreate', 'PluginEnable', 'PluginDisable'),
  ...kind('plugins', 'PluginDelete', 'PluginPush'),
  ...kind('swarm', 'SwarmInit', 'SwarmJoin', 'SwarmLeave', 'SwarmInspect', 'SwarmUnlockKey', 'SwarmUpdate'),
  ...kind('swarm', 'SwarmUnlock', 'ServiceCreate', 'ServiceUpdate', 'ServiceDelete', 'NodeDelete', 'NodeUpdate'),
  ...kind(
    'swarm',
    'VolumeUpdate',
    'SecretCreate',
    'SecretDelete',
    'SecretUpdate',
    'ConfigCreate',
    'ConfigDelete',
    'ConfigUpdate',
  ),
  ...kind('checkpoints', 'CheckpointCreate', 'CheckpointDelete'),
]);

function kind(name: EscapeKind, ...ids: readonly OperationId[]): readonly (readonly [OperationId, EscapeKind])[] {
  return ids.map((id) => [id, name]);
}

/** Bodies in which something may, and how they are read. Creates are more than this. */
const bodies: { readonly [id in OperationId]?: (body: JsonObject) => readonly Escape[] } = {
  ContainerExec: (body) =>
    field(body, 'Privileged', 'boolean')?.value === true ? [{ kind: 'privileged', found: 'Privileged: true' }] : [],
  ContainerUpdate(body) {
    refuseNullPointers(body);
    return fieldEscapes(body);
  },
  NetworkCreate: readNetworkCreate,
  // Which networks these are, only the engine tells.
  NetworkConnect(body) {
    connectedNetworks(body);
    return [];
  },
  VolumeCreate: readVolumeCreate,
};

/** The reader of an operation's body, where it has one in which something may lead out. */
export function bodyReader(id: OperationId): ((body: JsonObject) => Reading<readonly Escape[]>) | undefined {
  const read = bodies[id];
  return read && ((body) => reading(() => read(body)));
}

/** What shows by an operation and its query. */
export function requestEscapes({ id, target }: Pick<Operation, 'id' | 'target'>): readonly Escape[] {
  const of = always.get(id);
  return of === undefined ? queryEscapes({ id, target }) : [{ kind: of, found: target.path }];
}

/** Operations at which the engine mounts the sources of a container anew, as they are then (moby mountVolumes). */
const mounting: ReadonlySet<OperationId> = new Set([
  'ContainerStart',
  'ContainerRestart',
  'ContainerArchiveInfo',
  'ContainerArchiveGet',
  'ContainerArchivePut',
  'ContainerCopy',
] satisfies OperationId[]);

export function mountsAnew(id: OperationId): boolean {
  return mounting.has(id);
}

/** Operations by which one reaches into a container that exists: who holds more must not be reached by who holds less. */
const reaching: ReadonlySet<OperationId> = new Set<OperationId>([
  ...mounting,
  'ContainerExec',
  'ExecStart',
  'ExecResize',
  'ContainerAttach',
  'ContainerAttachWebSocket',
  'ContainerCommit',
  'ContainerExport',
  'ContainerUpdate',
  // Between our look at a name and the engine's it must not come to mean another container.
  'ContainerRename',
]);

export function reachesInto(id: OperationId): boolean {
  return reaching.has(id);
}

/** Operations in which nothing can lead out, so that nothing need be found out about them. */
export function mayLeadOut(id: OperationId): boolean {
  const byQuery =
    id === 'ImageBuild' || id === 'ImageBuildWithBuildKit' || id === 'ImageImport' || id === 'CheckpointList';
  const isCreate = id === 'ContainerCreate' || id === 'NetworkConnect';
  return isCreate || byQuery || always.has(id) || bodies[id] !== undefined || reaching.has(id);
}
