import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { SOCKET_NAME } from '../exceptions/delivery.ts';
import { controlPath, defaultPaths, socketPathProblem } from '../state/paths.ts';
import { prepareFolder } from '../state/state-folder.ts';
import { stateVersionProblem } from '../state/state-version.ts';
import { storageProblem } from '../state/storage.ts';
import type { Reached } from '../steps/step.ts';
import { type ServeOptions, StartFailure } from './service-options.ts';
import { layOut, roomsIn, type StateRooms, takeLock } from './state-rooms.ts';

/** What one run keeps on disk, and the lock that makes it the only one. */
export interface OpenState extends StateRooms {
  readonly folder: string;
  readonly hostGate: string;
  readonly control: string;
  /** What is doubtful about the folder, in sentences with the remedy. */
  readonly problems: readonly string[];
  /** The file that keeps others from the folder. */
  lockFile(): string;
  /** Makes anew what was removed of it while we run, the lock too; rejects with a StartFailure. */
  rebuild(): Promise<void>;
  release(): Promise<void>;
}

/** As long as the keys of container sockets are. */
const SAMPLE_KEY = '0'.repeat(16);

export async function openState(options: ServeOptions, reached: Reached): Promise<OpenState> {
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
  const versionProblem = await stateVersionProblem(folder);
  if (versionProblem !== undefined) throw new StartFailure('failed', versionProblem);
  const storage = await storageProblem(folder, platform);
  let lock = await takeLock(folder, control);
  reached('lock-taken');
  try {
    await layOut(folder);
  } catch (error) {
    await lock.release().catch(() => undefined);
    throw error;
  }
  return {
    folder,
    hostGate,
    control,
    problems: storage === undefined ? [] : [storage],
    ...roomsIn(folder),
    lockFile: () => lock.file,
    async rebuild() {
      const again = await prepareFolder(folder, 'state folder', { uid });
      if (!again.ok) throw new StartFailure('failed', again.message);
      if (!(await lock.isHeld())) lock = await takeLock(folder, control);
      await layOut(folder);
    },
    release: () => lock.release(),
  };
}
