import { isWithin } from '../../shared/decision/delivery-obstacle.ts';
import { type HeldEscapes, readHeldEscapes } from '../../shared/escape/create-escapes.ts';
import type { Escape } from '../../shared/escape/kinds.ts';
import { volumeEscapes } from '../../shared/escape/volume-options.ts';
import { readJson } from '../../shared/json/read-json.ts';
import type { EngineClient, EngineContainer, EngineMount } from '../engine/engine-client.ts';
import type { Bounds } from './bounds.ts';

export interface HeldDeps {
  readonly engine: Pick<EngineClient, 'volume'>;
  readonly socketsFolder: string;
  /** The empty folder with which our own state is covered in containers. */
  readonly emptyFolder: string;
}

/**
 * What a container has that a holder within these bounds could not have given it, as its sources are now. Whose namespaces
 * it shares is for the caller to judge.
 */
export async function heldBeyond(deps: HeldDeps, container: EngineContainer, bounds: Bounds): Promise<HeldEscapes> {
  const { escapes, joins } = fieldsOf(container);
  return { escapes: [...escapes, ...(await mountsBeyond(deps, container.mounts, bounds))], joins };
}

/** The same of mounts alone. */
export async function mountsBeyond(
  deps: HeldDeps,
  mounts: readonly EngineMount[],
  bounds: Bounds,
): Promise<readonly Escape[]> {
  return (await Promise.all(mounts.map((mount) => mountBeyond(deps, mount, bounds)))).flat();
}

function fieldsOf({ hostConfig }: EngineContainer): HeldEscapes {
  const json = readJson(Buffer.from(JSON.stringify(hostConfig)));
  const reading = json.ok && json.node.kind === 'object' ? readHeldEscapes(json.node) : undefined;
  if (reading?.ok === true) return reading.value;
  return { escapes: [{ kind: 'unknown-fields', found: 'a HostConfig that cannot be read' }], joins: [] };
}

async function mountBeyond(
  { engine, socketsFolder, emptyFolder }: HeldDeps,
  { type, source, name, isWritable }: EngineMount,
  bounds: Bounds,
): Promise<readonly Escape[]> {
  if (type === 'bind') {
    // A filtered socket gives nobody more than the one that the request came by.
    if (isWithin(source, socketsFolder) || source === emptyFolder) return [];
    return bounds.check(source, !isWritable);
  }
  if (type !== 'volume') return [];
  const volume = await engine.volume(name);
  return volume === undefined ? [] : volumeEscapes(volume.driver, volume.options, `the volume "${name}"`);
}
