import type { JsonArray, JsonObject } from '../json/json-node.ts';
import { field, objects, type Reading, reading, stringMap, strings, text } from './body-fields.ts';
import { refuseOtherMounts } from './podman.ts';
import { refuseNullPointers } from './pointer-lists.ts';

/** Where a mount stands in the body, so that it can be replaced without touching any other byte. */
export interface MountPlace {
  /** The object whose fields the engine reads: HostConfig, or the body itself for the legacy fields. */
  readonly level: JsonObject;
  readonly list: JsonArray;
  readonly index: number;
}

/** One way in which a body would put something into a container that does not come from its image. */
export interface MountRequest {
  readonly kind: 'bind' | 'volume' | 'volumes-from' | 'device';
  readonly field: 'Binds' | 'Mounts' | 'VolumesFrom' | 'Devices';
  /** Host path, volume name, container or device, as sent. */
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
  /** Options of a volume's local driver that are given with the mount itself. */
  readonly driverOptions?: Readonly<Record<string, string>>;
}

export interface PlacedMount extends MountRequest {
  readonly place: MountPlace;
}

/** What is inspected of the body of `POST /containers/create`. */
export interface CreateRequest {
  readonly image: string;
  readonly mounts: readonly PlacedMount[];
  readonly readOnlyRoot: boolean;
  /** Targets of mounts that bring nothing of the host: tmpfs, anonymous volumes, images. */
  readonly freshTargets: readonly string[];
  readonly body: JsonObject;
}

/** Reads what the engine would mount by the body of `POST /containers/create`. */
export function readCreateBody(body: JsonObject): Reading<CreateRequest> {
  return reading(() => {
    const hostConfig = field(body, 'HostConfig', 'object');
    // Engines up to 26.1 honour HostConfig's fields at the top level when HostConfig is missing
    // (moby runconfig ContainerConfigWrapper), so both levels are read, whichever the engine would take.
    const levels = hostConfig === undefined ? [body] : [hostConfig, body];
    refuseOtherMounts(body, levels);
    levels.forEach(refuseNullPointers);
    return {
      image: text(body, 'Image'),
      mounts: levels.flatMap(readLevel),
      readOnlyRoot: levels.some((level) => field(level, 'ReadonlyRootfs', 'boolean')?.value === true),
      freshTargets: [...keysOf(body, 'Volumes'), ...levels.flatMap(readFreshTargets)],
      body,
    };
  });
}

function keysOf(object: JsonObject, name: string): readonly string[] {
  return field(object, name, 'object')?.members.map(({ key }) => key) ?? [];
}

function readFreshTargets(level: JsonObject): readonly string[] {
  const lone = strings(field(level, 'Binds', 'array'), 'Binds').filter((bind) => !bind.includes(':'));
  const fresh = objects(field(level, 'Mounts', 'array'), 'Mounts').filter(isFresh);
  return [...keysOf(level, 'Tmpfs'), ...lone, ...fresh.map((mount) => text(mount, 'Target'))];
}

function isFresh(mount: JsonObject): boolean {
  return ['tmpfs', 'image'].includes(text(mount, 'Type'));
}

function readLevel(level: JsonObject): PlacedMount[] {
  return [
    ...placed(level, 'Binds', (list) => strings(list, 'Binds').map(readBind)),
    ...placed(level, 'Mounts', (list) => objects(list, 'Mounts').map(readMount)),
    ...placed(level, 'VolumesFrom', (list) => strings(list, 'VolumesFrom').map(readVolumesFrom)),
    ...placed(level, 'Devices', (list) => objects(list, 'Devices').map(readDevice)),
  ];
}

function placed(
  level: JsonObject,
  name: MountRequest['field'],
  read: (list: JsonArray) => readonly (MountRequest | undefined)[],
): PlacedMount[] {
  const list = field(level, name, 'array');
  if (list === undefined) return [];
  return read(list).flatMap((request, index) => (request ? [{ ...request, place: { level, list, index } }] : []));
}

/** `source:target[:mode]`; a lone path is an anonymous volume (moby volume/mounts linuxParser.ParseMountRaw). */
function readBind(bind: string): MountRequest | undefined {
  const [source = '', target, modes = ''] = bind.split(':');
  if (target === undefined) return undefined;
  const kind = source.startsWith('/') ? 'bind' : 'volume';
  return { kind, field: 'Binds', source, target, isReadOnly: modes.split(',').includes('ro') };
}

/** Reads one object of a `Mounts` list, as containers and services have it; tmpfs and image mounts bring nothing of the host. */
export function readMount(mount: JsonObject): MountRequest | undefined {
  if (isFresh(mount)) return undefined;
  const type = text(mount, 'Type');
  const isReadOnly = field(mount, 'ReadOnly', 'boolean')?.value === true;
  const base = { field: 'Mounts', source: text(mount, 'Source'), target: text(mount, 'Target'), isReadOnly } as const;
  // A type that we do not know is looked at like the strongest one.
  if (type !== 'volume') return { ...base, kind: 'bind' };
  const options = field(mount, 'VolumeOptions', 'object');
  const driver = options && field(options, 'DriverConfig', 'object');
  const given = driver && field(driver, 'Options', 'object');
  return { ...base, kind: 'volume', ...(given && { driverOptions: stringMap(given) }) };
}

/** `container[:mode]` */
function readVolumesFrom(entry: string): MountRequest {
  const [source = '', modes = ''] = entry.split(':');
  return {
    kind: 'volumes-from',
    field: 'VolumesFrom',
    source,
    target: '',
    isReadOnly: modes.split(',').includes('ro'),
  };
}

function readDevice(device: JsonObject): MountRequest {
  const target = text(device, 'PathInContainer');
  return { kind: 'device', field: 'Devices', source: text(device, 'PathOnHost'), target, isReadOnly: false };
}
