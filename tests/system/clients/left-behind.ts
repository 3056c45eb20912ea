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
  readonly descriptors: Counts;
  readonly engineDescriptors: Counts;
}

export function openThings(lab: AttachedLab, keeper: Running): OpenThings {
  const engine = Number(readFileSync(join(lab.folder, 'engine.pid'), 'utf8'));
  const own = unixSockets(keeper.pid).filter(({ path }) => path === keeper.hostGate || path.startsWith(keeper.state));
  return {
    clients: own.filter(({ listens }) => !listens).length,
    listeners: own.filter(({ listens }) => listens).length,
    descriptors: descriptorsOf(keeper.pid),
    engineDescriptors: descriptorsOf(engine),
  };
}

/** Idle connections to the engine that Lockkeeper keeps for its next questions (main/engine/asking.ts). */
const OWN_POOL = { 'socket:': 4 };
/**
 * Go keeps pipes for splice(2) until a garbage collection, and the engine its idle connections to registries: so many,
 * however many clients there were.
 */
const ENGINE_POOL = { 'pipe:': 24, 'socket:': 24 };

/** Whether nothing is open that was not open before, but for what either keeps for later use. */
export function isNoMore(now: OpenThings, before: OpenThings): boolean {
  return (
    now.clients <= before.clients &&
    now.listeners <= before.listeners &&
    within(now.descriptors, before.descriptors, OWN_POOL) &&
    within(now.engineDescriptors, before.engineDescriptors, ENGINE_POOL)
  );
}

type Counts = Readonly<Record<string, number>>;

function within(now: Counts, before: Counts, pool: Counts): boolean {
  return Object.entries(now).every(([kind, count]) => count <= (before[kind] ?? 0) + (pool[kind] ?? 0));
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

function descriptorsOf(pid: number): Counts {
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
