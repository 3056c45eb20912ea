import { join, resolve } from 'node:path';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { WayIn } from '../../shared/ipc/check.ts';
import { type EngineClient, EngineError } from '../engine/engine-client.ts';
import { SOCKET_NAME } from '../exceptions/delivery.ts';
import type { FoundListener } from './check.ts';

/** The sockets that there are to come in by. */
export interface WaysIn {
  readonly hostGate: string;
  /** Undefined where nobody knows which there are. */
  readonly standingSockets: readonly string[] | undefined;
  readonly socketsFolder: string;
  readonly holders: () => readonly SocketHolder[];
  readonly engine: Pick<EngineClient, 'container'>;
}

/** Stands for a filtered socket that nobody has yet. */
const ANY_FILTERED = 'any filtered socket';

/** The listener that a way in means, or in words why there is none. */
export async function findListener(ways: WaysIn, from: WayIn): Promise<FoundListener> {
  switch (from.kind) {
    case 'host':
      return { ok: true, listener: { kind: 'host-gate' } };
    case 'filtered':
      return { ok: true, listener: { kind: 'standing-socket', path: ANY_FILTERED } };
    case 'socket':
      return socketAt(ways, resolve(from.path));
    case 'container':
      return socketOf(ways, from.name);
  }
}

function socketAt(ways: WaysIn, path: string): FoundListener {
  if (path === ways.hostGate) return { ok: true, listener: { kind: 'host-gate' } };
  const holder = ways.holders().find(({ key }) => join(ways.socketsFolder, key, SOCKET_NAME) === path);
  if (holder !== undefined) return { ok: true, listener: { kind: 'container-socket', holder } };
  const { standingSockets } = ways;
  if (standingSockets?.includes(path) === false) {
    const known = standingSockets.length === 0 ? 'it serves none' : `it serves ${standingSockets.join(', ')}`;
    return { ok: false, message: `${path} is no standing socket of the running Lockkeeper: ${known}` };
  }
  const listener = { kind: 'standing-socket', path } as const;
  if (standingSockets !== undefined) return { ok: true, listener };
  return { ok: true, listener, note: `whether ${path} is served as a standing socket is not known here` };
}

/** Shorter beginnings of IDs are rather names. */
const SHORTEST_ID = 4;

/** A container is named as docker names it; without an engine, by the ID that was recorded. */
async function socketOf(ways: WaysIn, name: string): Promise<FoundListener> {
  const holders = ways.holders();
  const id = await idOf(ways.engine, name);
  const fits = ({ containerId }: SocketHolder) =>
    id === undefined ? name.length >= SHORTEST_ID && containerId.startsWith(name) : containerId === id;
  const found = holders.filter(fits);
  const [holder] = found;
  if (holder !== undefined && found.length === 1) return { ok: true, listener: { kind: 'container-socket', holder } };
  const remedy = `'lockkeeper status' lists the containers that have one; --from filtered stands for any`;
  if (found.length > 1) return { ok: false, message: `"${name}" is the beginning of several containers' IDs` };
  return { ok: false, message: `no container "${name}" has a filtered socket; ${remedy}` };
}

async function idOf(engine: WaysIn['engine'], name: string): Promise<string | undefined> {
  try {
    return (await engine.container(name))?.id;
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}
