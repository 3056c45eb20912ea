import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Kills what `find` lists, and looks again until it lists nothing: what dies may have started something meanwhile.
 * Synchronous, because it also runs when the process exits.
 */
export function killAll(find: () => readonly number[]): void {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const pids = find();
    if (pids.length === 0) return;
    if (Date.now() > deadline) throw new Error(`processes ${pids.join(', ')} do not end`);
    for (const pid of pids) kill(pid);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended between being listed and now.
  }
}

/**
 * The network namespace of a process as "net:[inode]"; undefined when it is gone. A zombie counts as gone: it is dead
 * and waits for its parent, which where nobody collects orphans (a container without an init) takes forever.
 */
export function networkOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

/** Everything that these processes have started, and what that has. */
export function descendantsOf(pids: ReadonlySet<number>): readonly number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const parent = /^\d+$/.test(entry) ? statOf(Number(entry))?.[1] : undefined;
    if (parent !== undefined) parents.set(Number(entry), Number(parent));
  }
  const descends = (pid: number | undefined): boolean =>
    pid !== undefined && (pids.has(pid) || descends(parents.get(pid)));
  return [...parents].filter(([, parent]) => descends(parent)).map(([pid]) => pid);
}

/** Start time of a process in base 36 clock ticks since boot, field 22 of /proc/PID/stat (proc(5)); undefined when gone. */
export function startTime(pid: number): string | undefined {
  const fields = statOf(pid);
  return fields && Number(fields[19]).toString(36);
}

/** The fields of /proc/PID/stat (proc(5)) from the third on; undefined when it is gone, as a zombie is. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name, in parentheses, may hold spaces and parentheses itself: count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields;
  } catch {
    return undefined;
  }
}
