import type { Listener } from '../../shared/decision/listener.ts';
import type { Join } from '../../shared/escape/create-escapes.ts';
import type { Escape } from '../../shared/escape/kinds.ts';
import type { EngineContainer } from '../engine/engine-client.ts';
import type { Bounds } from './bounds.ts';
import { isDescendant } from './descendants.ts';
import type { EscapeSources } from './find-escapes.ts';
import { heldBeyond } from './held-by.ts';

/** Who asks, and what they may hand on. */
export interface Asking {
  readonly sources: EscapeSources;
  readonly listener: Listener;
  readonly bounds: Bounds;
}

/** What a container holds beyond that, told of one that is to be reached by somebody who holds less. */
export async function stronger({ sources, bounds }: Asking, container: EngineContainer): Promise<readonly Escape[]> {
  const { escapes, joins } = await heldBeyond(sources, container, bounds);
  // Through whose namespaces it lives in, it may reach what that one holds.
  const shared = joins.map(({ field, container: other }) => `${field}: "container:${other}"`);
  const [first] = [...escapes.map(({ found }) => found), ...shared];
  return first === undefined
    ? []
    : [{ kind: 'stronger-container', found: `container "${container.name}" has ${first}` }];
}

/** The same by its name; nothing of one that is the socket's own. */
export async function strongerNamed(asking: Asking, name: string): Promise<readonly Escape[]> {
  const container = await asking.sources.engine.container(name);
  if (container === undefined || (await isDescendant(asking.sources, asking.listener, container.id))) return [];
  return stronger(asking, container);
}

/** Of those whose namespaces are shared. */
export async function strongerJoined(asking: Asking, joins: readonly Join[]): Promise<readonly Escape[]> {
  const found = joins.map(async ({ field, container }) =>
    (await strongerNamed(asking, container)).map(
      ({ found: what }): Escape => ({ kind: 'joined-namespaces', found: `${field}: ${what}` }),
    ),
  );
  return (await Promise.all(found)).flat();
}

/** Of those that have the same volume: they may run programs from it. */
export async function strongerSharing(asking: Asking, volume: string): Promise<readonly Escape[]> {
  const ids = await asking.sources.engine.containersWithVolume(volume);
  const found = await Promise.all(ids.map((id) => strongerNamed(asking, id)));
  return found.flat().map(({ kind, found: what }) => ({ kind, found: `the volume "${volume}" is shared: ${what}` }));
}
