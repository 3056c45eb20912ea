import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectControl } from '../control/client.ts';
import { SOCKET_NAME } from '../exceptions/delivery.ts';
import { acquireInstanceLock } from '../state/instance-lock.ts';
import { controlPath, defaultPaths, socketPathProblem } from '../state/paths.ts';
import { prepareFolder } from '../state/state-folder.ts';
import { type ServeOptions, StartFailure } from './service-options.ts';

/** What one run keeps on disk, and the lock that makes it the only one. */
export interface OpenState {
  readonly folder: string;
  readonly hostGate: string;
  readonly control: string;
  /** One folder a container socket. */
  readonly sockets: string;
  readonly holders: string;
  readonly created: string;
  readonly empty: string;
  release(): Promise<void>;
}

/** As long as the keys of container sockets are. */
const SAMPLE_KEY = '0'.repeat(16);

export async function openState(options: ServeOptions): Promise<OpenState> {
  const { platform, env } = process;
  const uid = process.getuid?.();
  const defaults = defaultPaths({ platform, env, home: homedir(), uid });
  const prepared = await prepareFolder(resolve(options.state ?? defaults.state), 'state folder', { uid });
  if (!prepared.ok) throw new StartFailure('failed', prepared.message);
  const folder = prepared.path;
  const hostGate = options.hostGate ?? defaults.hostGate;
  const control = controlPath(folder, platform);
  const longest = join(folder, 'sockets', SAMPLE_KEY, SOCKET_NAME);
  const tooLong =
    socketPathProblem(longest, platform, 'choose a shorter state folder with --state') ??
    socketPathProblem(hostGate, platform, 'choose a shorter path with --host-gate');
  if (tooLong !== undefined) throw new StartFailure('usage', tooLong);
  if (folder.includes(':')) {
    throw new StartFailure(
      'usage',
      `the state folder ${folder} has a colon, which bind mounts cannot have; choose another`,
    );
  }
  const lock = await acquireInstanceLock(folder, { answers: () => isAnswered(control) });
  if (!lock.ok) throw new StartFailure('another-instance', lock.message);
  const rooms = { sockets: 'sockets', holders: 'holders', created: 'created', empty: 'empty' } as const;
  for (const room of Object.values(rooms)) await mkdir(join(folder, room), { recursive: true, mode: 0o700 });
  return {
    folder,
    hostGate,
    control,
    sockets: join(folder, rooms.sockets),
    holders: join(folder, rooms.holders),
    created: join(folder, rooms.created),
    empty: join(folder, rooms.empty),
    release: lock.release,
  };
}

async function isAnswered(path: string): Promise<boolean> {
  const connected = await connectControl({ path });
  if (connected.ok) connected.value.close();
  return connected.ok;
}
