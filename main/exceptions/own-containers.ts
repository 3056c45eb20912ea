import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../state/write-atomically.ts';
import { goOn, type Reached } from '../steps/step.ts';

/** Which containers were created through which filtered socket; it outlives restarts, since their creators do. */
export interface OwnContainers {
  add(socket: string, containerId: string): Promise<void>;
  has(socket: string, containerId: string): Promise<boolean>;
  /** The container was removed: its ID will not come again. */
  gone(containerId: string): Promise<void>;
  /** The socket is gone for good. */
  forget(socket: string): Promise<void>;
  /** Writes anew what is known, since the folder was removed. */
  storeAgain(): Promise<void>;
}

/** So many lines of containers that are gone may a file hold before it is written anew without them. */
const MOST_GONE = 1000;

/** Longest name of a file on Linux and macOS, in bytes. */
const NAME_BYTES = 255;

interface Loaded {
  readonly ids: Set<string>;
  /** IDs in the file that are not in the set any more. */
  gone: number;
}

/** One file a socket in the folder, an ID a line: appending is cheap, and a line that a crash cut off matches no ID. */
export function ownContainers(folder: string, reached: Reached = goOn): OwnContainers {
  const loaded = new Map<string, Promise<Loaded>>();
  const writing = new Map<string, Promise<void>>();
  const pathOf = (socket: string) => join(folder, fileName(socket));
  const load = (socket: string) => {
    const loading = loaded.get(socket) ?? read(pathOf(socket));
    loaded.set(socket, loading);
    return loading;
  };
  /** One write at a time to each file: what is written anew must not lose what is appended meanwhile. */
  const write = (socket: string, task: () => Promise<void>): Promise<void> => {
    const before = writing.get(socket) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(task);
    writing.set(socket, turn);
    const done = () => writing.get(socket) === turn && writing.delete(socket);
    turn.then(done, done);
    return turn;
  };
  const writeAnew = (socket: string, known: Loaded) =>
    write(socket, async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      known.gone = 0;
      await writeAtomically(pathOf(socket), [...known.ids].map(line).join(''));
    });
  return {
    async add(socket, containerId) {
      (await load(socket)).ids.add(containerId);
      await write(socket, async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await appendFile(pathOf(socket), line(containerId), { mode: 0o600 });
      });
      reached('own-container-noted');
    },
    has: async (socket, containerId) => containerId !== '' && (await load(socket)).ids.has(containerId),
    async gone(containerId) {
      for (const [socket, loading] of [...loaded]) {
        const known = await loading;
        if (known.ids.delete(containerId)) known.gone += 1;
        if (known.gone > MOST_GONE) await writeAnew(socket, known);
      }
    },
    async forget(socket) {
      loaded.delete(socket);
      await write(socket, () => rm(pathOf(socket), { force: true }));
    },
    async storeAgain() {
      for (const [socket, loading] of [...loaded]) await writeAnew(socket, await loading);
    },
  };
}

async function read(path: string): Promise<Loaded> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return { ids: new Set(text.split('\n').filter((id) => id !== '')), gone: 0 };
}

/** On a line of its own, also behind a line that a crash cut off. */
function line(containerId: string): string {
  return `\n${containerId}\n`;
}

/** A socket's own name where that makes one, since people look into folders. */
function fileName(socket: string): string {
  const encoded = encodeURIComponent(socket);
  return encoded.length <= NAME_BYTES ? encoded : createHash('sha256').update(socket).digest('hex');
}
