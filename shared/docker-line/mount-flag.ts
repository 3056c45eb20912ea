import { absolute } from './volume-flag.ts';

/** An element of a `Mounts` list, as the API takes it. */
export interface MountObject {
  readonly Type: string;
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly?: boolean;
  readonly VolumeOptions?: {
    readonly DriverConfig: { readonly Name?: string; readonly Options: Record<string, string> };
  };
}

export type MountResult =
  | { readonly ok: true; readonly mount: MountObject }
  | { readonly ok: false; readonly problem: string };

/** Keys of `--mount` by what they set (docker CLI, opts.MountOpt); those that change nothing of what is mounted are only known. */
const keys: ReadonlyMap<string, 'type' | 'source' | 'target' | 'readonly' | 'volume-opt' | 'volume-driver' | 'known'> =
  new Map([
    ['type', 'type'],
    ['source', 'source'],
    ['src', 'source'],
    ['target', 'target'],
    ['dst', 'target'],
    ['destination', 'target'],
    ['readonly', 'readonly'],
    ['ro', 'readonly'],
    ['volume-opt', 'volume-opt'],
    ['volume-driver', 'volume-driver'],
    ...[
      'consistency',
      'bind-propagation',
      'bind-nonrecursive',
      'bind-recursive',
      'bind-create-src',
      'volume-subpath',
      'volume-nocopy',
      'volume-label',
      'image-subpath',
      'tmpfs-size',
      'tmpfs-mode',
    ].map((key) => [key, 'known'] as const),
  ]);

/** Reads a value of `--mount`: `type=bind,source=…,target=…`, a CSV record. */
export function parseMountFlag(value: string, folder: string): MountResult {
  const found = { type: 'volume', source: '', target: '', readonly: '', 'volume-driver': '' };
  const options: Record<string, string> = Object.create(null);
  for (const field of csvFields(value)) {
    const equals = field.indexOf('=');
    const key = (equals === -1 ? field : field.slice(0, equals)).toLowerCase();
    const text = equals === -1 ? 'true' : field.slice(equals + 1);
    const sets = keys.get(key);
    if (sets === undefined) return { ok: false, problem: `--mount has no key "${key}" (in "${field}")` };
    if (sets === 'volume-opt') {
      const [name = '', ...rest] = text.split('=');
      options[name] = rest.join('=');
    } else if (sets !== 'known') {
      found[sets] = text;
    }
  }
  if (found.target === '') return { ok: false, problem: `--mount "${value}" has no target` };
  return { ok: true, mount: toMount(found, options, folder) };
}

function toMount(
  found: Readonly<Record<'type' | 'source' | 'target' | 'readonly' | 'volume-driver', string>>,
  options: Record<string, string>,
  folder: string,
): MountObject {
  const driver = found['volume-driver'];
  const hasDriver = driver !== '' || Object.keys(options).length > 0;
  const isRelative = found.type === 'bind' && found.source.startsWith('.');
  return {
    Type: found.type,
    Source: isRelative ? absolute(found.source, folder) : found.source,
    Target: found.target,
    ...(found.readonly !== '' && found.readonly !== 'false' && found.readonly !== '0' && { ReadOnly: true }),
    ...(hasDriver && { VolumeOptions: { DriverConfig: { ...(driver !== '' && { Name: driver }), Options: options } } }),
  };
}

/** One CSV record: fields may be quoted, and a quote inside is doubled. */
function csvFields(record: string): readonly string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= record.length) {
    if (record[at] === '"') {
      const end = closingQuote(record, at + 1);
      fields.push(record.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 2;
    } else {
      const comma = record.indexOf(',', at);
      const end = comma === -1 ? record.length : comma;
      fields.push(record.slice(at, end));
      at = end + 1;
    }
  }
  return fields;
}

function closingQuote(record: string, from: number): number {
  for (let at = from; at < record.length; at += 1) {
    if (record[at] !== '"') continue;
    if (record[at + 1] !== '"') return at;
    at += 1;
  }
  return record.length;
}
