import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectControl } from '../control/client.ts';
import { acquireInstanceLock, type LockResult } from '../state/instance-lock.ts';
import { removeHalfWritten } from '../state/remove-half-written.ts';
import { StateError, stateError } from '../state/state-error.ts';
import { writeStateVersion } from '../state/state-version.ts';
import { StartFailure } from './service-options.ts';

/** What is kept by kind, each in a folder of its own. */
export interface StateRooms {
  /** One folder a container socket. */
  readonly sockets: string;
  readonly holders: string;
  /** Records of containers that are gone. */
  readonly former: string;
  readonly created: string;
  readonly empty: string;
  /** Mounted into containers that are only looked at. */
  readonly looks: string;
}

/** Where what is kept by kind lies in a state folder. */
export function roomsIn(folder: string): StateRooms {
  const room = (name: string) => join(folder, name);
  return {
    sockets: room('sockets'),
    holders: room('holders'),
    former: room('former'),
    created: room('created'),
    empty: room('empty'),
    looks: room('looks'),
  };
}

/** Brings a folder that is ours into the form that everything else relies on. */
export async function layOut(folder: string): Promise<void> {
  await writable(folder, async () => {
    await writeStateVersion(folder);
    await removeHalfWritten(folder);
    for (const room of Object.values(roomsIn(folder))) await makeRoom(room);
  });
}

async function makeRoom(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw stateError(path, error);
  }
}

/** The lock of the state folder, or the failure in words for whoever starts us. */
export async function takeLock(folder: string, control: string): Promise<LockResult & { ok: true }> {
  const lock = await writable(folder, () => acquireInstanceLock(folder, { answers: () => isAnswered(control) }));
  if (!lock.ok) throw new StartFailure('another-instance', lock.message);
  return lock;
}

/** Without a state folder that can be written, nothing that was promised to a container could be kept: no start. */
async function writable<Result>(folder: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    const known = error instanceof StateError ? error : stateError(folder, error);
    if (!(known instanceof StateError)) throw error;
    throw new StartFailure('failed', `the state folder cannot be used: ${known.message}`);
  }
}

async function isAnswered(path: string): Promise<boolean> {
  const connected = await connectControl({ path });
  if (connected.ok) connected.value.close();
  return connected.ok;
}
