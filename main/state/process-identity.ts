import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { isMainThread, threadId } from 'node:worker_threads';

/** What tells a process from every other one, also from a later one that got its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own words (clock ticks on Linux); absent where the system does not say (Windows). */
  readonly started?: string;
  /** The boot it belongs to. */
  readonly boot?: string;
  /** Its thread, where that is not the first one. A process runs one service at a time. */
  readonly thread?: number;
  /** The pid namespace that `pid` counts in: another container's numbers say nothing here. */
  readonly namespace?: string;
}

/** `elsewhere`: of this boot, but in another pid namespace, so its number cannot be looked up from here. */
export type Liveness = 'alive' | 'dead' | 'elsewhere';

/** The identity of this thread of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const [started, boot, namespace] = await Promise.all([startOf(process.pid), bootId(), pidNamespace()]);
  return {
    pid: process.pid,
    ...(started === undefined ? {} : { started }),
    ...(boot === undefined ? {} : { boot }),
    ...(isMainThread ? {} : { thread: threadId }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/** Whether the process that wrote down `other` still runs. In doubt it does: a second instance would do harm. */
export async function livenessOf(other: ProcessIdentity, own: ProcessIdentity): Promise<Liveness> {
  if (other.boot !== own.boot) {
    return 'dead';
  }
  if (other.namespace !== own.namespace) {
    return 'elsewhere';
  }
  // The desktop app starts the service in a thread, and the next one when that has ended, in whatever way.
  if (other.pid === own.pid && other.thread !== own.thread) {
    return 'dead';
  }
  if (!exists(other.pid)) {
    return 'dead';
  }
  const started = await startOf(other.pid);
  if (other.started === undefined || own.started === undefined) {
    return 'alive';
  }
  return started === other.started ? 'alive' : 'dead';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Start time of a process; undefined when it is gone (a zombie is) or the system does not tell. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') {
      return startInStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    }
    if (process.platform === 'win32') {
      return undefined;
    }
    const { stdout } = await promisify(execFile)('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], {
      env: { LC_ALL: 'C', TZ: 'UTC' },
    });
    return stdout.trim() === '' ? undefined : stdout.trim();
  } catch {
    return undefined;
  }
}

/** Field 22 of proc_pid_stat(5); the name in field 2 may hold spaces and parentheses, hence counting from its end. */
export function startInStat(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  return state === 'Z' || state === 'X' ? undefined : fields[19];
}

async function bootId(): Promise<string | undefined> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}

async function pidNamespace(): Promise<string | undefined> {
  return readlink('/proc/self/ns/pid').catch(() => undefined);
}
