import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { AttachedLab } from '../../lab/lab.ts';
import type { Running } from '../running.ts';

/** What a Lockkeeper and its engine have open, counted from outside by the kernel's lists (proc(5)). */
export interface OpenThings {
  /** Clients' connections at the host gate and at containers' sockets. */
  readonly clients: number;
  /** Sockets of Lockkeeper's that listen. */
  readonly listeners: number;
  /** File descriptors of Lockkeeper's, by kind. */
  readonly descriptors: Readonly<Record<string, number>>;
  /** Connections at the engine, ours and others'. */
  readonly atEngine: number;
  readonly engineDescriptors: Readonly<Record<string, number>>;
}

export function openThings(lab: AttachedLab, keeper: Running): OpenThings {
  const engine = Number(readFileSync(join(lab.folder, 'engine.pid'), 'utf8'));
  const own = unixSockets(keeper.pid).filter(({ path }) => path === keeper.hostGate || path.startsWith(keeper.state));
  return {
    clients: own.filter(({ listens }) => !listens).length,
    listeners: own.filter(({ listens }) => listens).length,
    descriptors: descriptorsOf(keeper.pid),
    atEngine: unixSockets(engine).filter(({ path, listens }) => path === lab.engineSocket && !listens).length,
    engineDescriptors: descriptorsOf(engine),
  };
}

/**
 * Go keeps pipes for splice(2) until a garbage collection, and the engine its idle connections to registries: so many,
 * however many clients there were.
 */
const POOLED = ['pipe:', 'socket:'];
const POOL = 24;

/** Whether nothing is open that was not open before, but for what the engine keeps for later use. */
export function isNoMore(now: OpenThings, before: OpenThings): boolean {
  return (
    now.clients <= before.clients &&
    now.listeners <= before.listeners &&
    now.atEngine <= before.atEngine &&
    Object.entries(now.descriptors).every(([kind, count]) => count <= (before.descriptors[kind] ?? 0)) &&
    Object.entries(now.engineDescriptors).every(
      ([kind, count]) => count <= (before.engineDescriptors[kind] ?? 0) + (POOLED.includes(kind) ? POOL : 0),
    )
  );
}

/** Unix sockets with a path, as the network namespace of a process has them: accepted ones have their listener's. */
function unixSockets(pid: number): readonly { readonly path: string; readonly listens: boolean }[] {
  const [, ...lines] = readFileSync(`/proc/${pid}/net/unix`, 'utf8').split('\n');
  const LISTENING = '00010000';
  return lines.flatMap((line) => {
    const [, , , flags, , , , path] = line.split(/\s+/);
    return path === undefined ? [] : [{ path, listens: flags === LISTENING }];
  });
}

function descriptorsOf(pid: number): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of readdirSync(`/proc/${pid}/fd`)) {
    try {
      const kind = readlinkSync(`/proc/${pid}/fd/${name}`)
        .replace(/[0-9a-f]{64}/g, 'ID')
        .replace(/\[?\d+\]?$/, '');
      counts[kind] = (counts[kind] ?? 0) + 1;
    } catch {
      // Closed since it was listed.
    }
  }
  return counts;
}
