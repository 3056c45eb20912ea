import { field, type Reading, reading, text } from '../engine-api/body-fields.ts';
import type { JsonNode, JsonObject } from '../json/json-node.ts';
import { fieldEscapes, unknownHostConfig } from './host-config.ts';
import type { Escape, EscapeKind } from './kinds.ts';

/** What a create body asks for beyond a container of its own. */
export interface CreateEscapes {
  /** What shows by the body alone. */
  readonly escapes: readonly Escape[];
  /** Containers whose namespaces it would share. */
  readonly joins: readonly Join[];
  /** Networks it would be in; what they are, only the engine knows. */
  readonly networks: readonly string[];
  /** Whether the engine starts it again by itself. */
  readonly restarts: boolean;
}

export interface Join {
  readonly field: string;
  readonly container: string;
}

/** Reads the body of `POST /containers/create`, on both levels on which engines up to 26.1 take a HostConfig's fields. */
export function readCreateEscapes(body: JsonObject): Reading<CreateEscapes> {
  return reading(() => {
    const hostConfig = field(body, 'HostConfig', 'object');
    const levels = hostConfig === undefined ? [body] : [hostConfig, body];
    return {
      escapes: [...levels.flatMap(fieldEscapes), ...(hostConfig === undefined ? [] : unknownHostConfig(hostConfig))],
      joins: levels.flatMap(joinsOf),
      networks: [...levels.flatMap(networkModes), ...endpoints(body)],
      restarts: levels.some(readRestarts),
    };
  });
}

/** What gives nothing to who reaches into a container, and what engines report of containers that did not ask for it. */
const NOTHING_HELD: ReadonlySet<EscapeKind> = new Set([
  // On control groups of version 1 every container has the machine's.
  'host-cgroup',
  'cgroup-parent',
  'annotations',
  'runtime',
  'log-driver',
]);

export interface HeldEscapes extends Pick<CreateEscapes, 'escapes' | 'joins'> {}

/** What an existing container has, by its HostConfig as the engine reports it. */
export function readHeldEscapes(hostConfig: JsonObject): Reading<HeldEscapes> {
  return reading(() => ({
    escapes: fieldEscapes(hostConfig).filter(({ kind }) => !NOTHING_HELD.has(kind)),
    joins: joinsOf(hostConfig),
  }));
}

const JOINING = ['NetworkMode', 'PidMode', 'IpcMode', 'UTSMode', 'UsernsMode', 'CgroupnsMode', 'Cgroup'] as const;

/** `container:NAME`, for whichever namespace: an engine that does not know it there refuses it itself. */
function joinsOf(level: JsonObject): readonly Join[] {
  return JOINING.flatMap((name) => {
    const value = text(level, name);
    return value.startsWith('container:') ? [{ field: name, container: value.slice('container:'.length) }] : [];
  });
}

/** Modes that are no networks of their own (moby api/types/container NetworkMode). */
const NO_NETWORK = new Set(['', 'default', 'none', 'host']);

function networkModes(level: JsonObject): readonly string[] {
  const mode = text(level, 'NetworkMode');
  return NO_NETWORK.has(mode) || mode.startsWith('container:') ? [] : [mode];
}

function endpoints(body: JsonObject): readonly string[] {
  const networking = field(body, 'NetworkingConfig', 'object');
  const config = networking && field(networking, 'EndpointsConfig', 'object');
  // A client that only names a mode repeats it here.
  const names = (config?.members ?? []).map(({ key }) => key).filter((name) => name !== 'default' && name !== 'none');
  return [...names, ...(config?.members ?? []).flatMap(({ value }) => networkId(value))];
}

/** The engine prefers the ID to the name that stands before it (moby getNetworkID). */
function networkId(endpoint: JsonNode): readonly string[] {
  const id = endpoint.kind === 'object' ? text(endpoint, 'NetworkID') : '';
  return id === '' ? [] : [id];
}

/** Networks that `POST /networks/{id}/connect` names in its body besides the one in its path. */
export function connectedNetworks(body: JsonObject): readonly string[] {
  const config = field(body, 'EndpointConfig', 'object');
  return config === undefined ? [] : networkId(config);
}

export function readRestarts(level: JsonObject): boolean {
  const policy = field(level, 'RestartPolicy', 'object');
  return policy !== undefined && !['', 'no'].includes(text(policy, 'Name'));
}
