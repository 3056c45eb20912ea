import { quoted } from '../http/characters.ts';
import { firstValue, type RequestTarget } from '../http/request-target.ts';
import type { JsonNode, JsonObject } from '../json/json-node.ts';
import { field, malformed, objects } from './body-fields.ts';

/**
 * Podman answers Docker's API beside one of its own (`/libpod`), and does with some of Docker's requests what Docker does not.
 * All of it is looked at whatever the engine is: what Docker would make of it is nothing that a client asks for.
 */

/** Whether a request of Podman's own API changes something: creates, executes, builds, plays. */
export function isPodmanChange(method: string, path: string): boolean {
  return path.startsWith('/libpod/') && method !== 'GET' && method !== 'HEAD';
}

/** Parameters of Podman's builds that mount folders of the machine into their steps; Docker's builds have no such. */
const BUILD_MOUNTS = ['additionalbuildcontexts', 'volume', 'volumes'];

export function podmanBuildMount({ query }: RequestTarget): string | undefined {
  return BUILD_MOUNTS.find((name) => (firstValue(query, name) ?? '') !== '');
}

/** Texts of a mount that Podman writes one behind the other into the value of its own `--mount`, without quotes. */
const TEXTS = ['Type', 'Source', 'Target', 'Consistency'];
const NESTED = [
  ['BindOptions', 'Propagation'],
  ['VolumeOptions', 'Subpath'],
  ['ImageOptions', 'Subpath'],
] as const;

/** A comma with a name and an equals sign behind it: `/data,source=/run/docker.sock`. */
const ANOTHER_FIELD = /,[^,/]*=/;

/** Refuses what Podman mounts where Docker mounts nothing or something else (podman cmd/podman/common create_opts). */
export function refuseOtherMounts(body: JsonObject, levels: readonly JsonObject[]): void {
  for (const { key, value } of field(body, 'Volumes', 'object')?.members ?? []) {
    if (key.includes(':'))
      malformed(`${quoted(key)} in Volumes would be a bind for Podman; give it in Binds`, value.start);
  }
  for (const level of levels) {
    for (const bind of field(level, 'Binds', 'array')?.items ?? []) refuseBind(bind);
    for (const mount of objects(field(level, 'Mounts', 'array'), 'Mounts')) refuseMount(mount);
  }
}

function refuseBind(node: JsonNode): void {
  if (node.kind !== 'string') return;
  const [source = '', target, modes = ''] = node.value.split(':');
  if (target !== undefined && source.startsWith('.')) {
    malformed(`the bind ${quoted(node.value)} has a relative source; give the whole path`, node.start);
  }
  if (modes.includes('=')) {
    malformed(`the bind ${quoted(node.value)} has an option with a value, which Docker does not know`, node.start);
  }
}

function refuseMount(mount: JsonObject): void {
  const texts = [
    ...TEXTS.map((name) => field(mount, name, 'string')),
    ...NESTED.map(([name, inner]) => {
      const options = field(mount, name, 'object');
      return options && field(options, inner, 'string');
    }),
  ];
  for (const node of texts) {
    if (node === undefined || !ANOTHER_FIELD.test(node.value)) continue;
    malformed(
      `${quoted(node.value)} in Mounts has what Podman reads as another field; use a path without it`,
      node.start,
    );
  }
}
