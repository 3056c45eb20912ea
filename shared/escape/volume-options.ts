import { field, stringMap, text } from '../engine-api/body-fields.ts';
import { foldKey } from '../json/fold.ts';
import type { JsonObject } from '../json/json-node.ts';
import { shownKey } from '../json/shown-key.ts';
import type { Escape } from './kinds.ts';
import { isZero, wayOut } from './read-levels.ts';

/** What other machines serve; the engine's own machine mounts it. */
const NETWORK = /^(nfs[234]?|cifs|smb3?)$/;
/** Flags of mount(2) under which the type does not count. */
const OTHER_MOUNT = /(^|,)\s*(r?bind|move|remount|make-?r?(shared|slave|private|unbindable))\s*(,|$)/i;

/** Whether options of mount(2) make of a mount something else than its type says. */
export function mountsOther(options: string): boolean {
  return OTHER_MOUNT.test(options);
}

/** What a volume's driver and options let out. Only a tmpfs has options and stays inside. */
export function volumeEscapes(
  driver: string,
  options: Readonly<Record<string, string>>,
  where: string,
): readonly Escape[] {
  if (driver !== '' && driver !== 'local') return [wayOut('volume-driver', where, `"${driver}"`)];
  const { type = '', o = '', device = '' } = options;
  if (type === '' && o === '' && device === '') return [];
  const words = escapeWords(options);
  if (!mountsOther(o)) {
    if (type === 'tmpfs') return [];
    if (NETWORK.test(type)) return [wayOut('network-volumes', where, words)];
  }
  return [wayOut('volume-options', where, words)];
}

/** Without the option string's values, where passwords of shares are written. */
function escapeWords({ type = '', o = '', device = '' }: Readonly<Record<string, string>>): string {
  const flags = o
    .split(',')
    .map((flag) => flag.split('=')[0])
    .join(',');
  return `type "${type}", o "${flags}", device "${device}"`;
}

/** The same of an object with the driver's name and options. */
export function readVolumeOptions(
  object: JsonObject,
  nameKey: string,
  optionsKey: string,
  where: string,
): readonly Escape[] {
  return volumeEscapes(text(object, nameKey), stringMap(field(object, optionsKey, 'object')), where);
}

/** The body of `POST /volumes/create`. */
export function readVolumeCreate(body: JsonObject): readonly Escape[] {
  return [
    ...unknownFields(body, ['Name', 'Driver', 'DriverOpts', 'Labels'], 'volume'),
    ...readVolumeOptions(body, 'Driver', 'DriverOpts', 'the volume'),
  ];
}

/** Fields that are new to this version and say something. */
export function unknownFields(object: JsonObject, names: readonly string[], where: string): readonly Escape[] {
  const known = new Set(names.map(foldKey));
  return object.members
    .filter(({ key, value }) => !known.has(foldKey(key)) && !isZero(value))
    .map(({ key }) => ({ kind: 'unknown-fields', found: `${where}.${shownKey(key)}` }));
}
