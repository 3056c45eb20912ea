import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineEndpoint } from '../engine/endpoint.ts';

/** How long it counts that an engine was found, or not; a restarted one has another process. */
const FRESH_MS = 5_000;
const ENGINE_NAMES: readonly string[] = ['dockerd', 'podman', 'balena-engine-d', 'balenad'];

/**
 * Finds the root folder of an engine that has mounts of its own, as rootless Docker has: `/proc/PID/root`. Resolves to
 * undefined when the engine sees what we see, and when that cannot be told because its process is not ours to look at.
 */
export function engineRootFinder(endpoint: EngineEndpoint, procRoot: string): () => Promise<string | undefined> {
  let last: { readonly at: number; readonly root: Promise<string | undefined> } | undefined;
  return () => {
    if (endpoint.kind === 'tcp') return Promise.resolve(undefined);
    const now = performance.now();
    if (last === undefined || now - last.at > FRESH_MS) {
      last = { at: now, root: findEngineRoot(endpoint.path, procRoot).catch(() => undefined) };
    }
    return last.root;
  };
}

async function findEngineRoot(socket: string, procRoot: string): Promise<string | undefined> {
  const real = await realpath(socket).catch(() => socket);
  const names = new Set([socket, real, real.replace(/^\/run\//, '/var/run/')]);
  const ours = await readlink(join(procRoot, 'self/ns/mnt'));
  for (const pid of await readdir(procRoot)) {
    if (!/^\d+$/.test(pid)) continue;
    const folder = join(procRoot, pid);
    if (await servesSocket(folder, names)) {
      const theirs = await readlink(join(folder, 'ns/mnt'));
      return theirs === ours ? undefined : join(folder, 'root');
    }
  }
  return undefined;
}

/** Whether a process is an engine that holds a listening socket of one of these names. */
async function servesSocket(folder: string, names: ReadonlySet<string>): Promise<boolean> {
  try {
    const name = await readFile(join(folder, 'comm'), 'utf8');
    if (!ENGINE_NAMES.includes(name.trim())) return false;
    const wanted = new Set(socketInodes(await readFile(join(folder, 'net/unix'), 'utf8'), names));
    const numbers = wanted.size === 0 ? [] : await readdir(join(folder, 'fd'));
    const targets = await Promise.all(numbers.map((fd) => readlink(join(folder, 'fd', fd)).catch(() => '')));
    return targets.some((target) => wanted.has(target));
  } catch {
    return false;
  }
}

/** `Num RefCount Protocol Flags Type St Inode Path` (proc_net(5)), as links in /proc/PID/fd name such sockets. */
function socketInodes(table: string, names: ReadonlySet<string>): readonly string[] {
  return table.split('\n').flatMap((line) => {
    const [, , , , , , inode, ...path] = line.trim().split(/\s+/);
    return names.has(path.join(' ')) ? [`socket:[${inode}]`] : [];
  });
}
