import { readFileSync } from 'node:fs';

/** Ticks a second of the times in /proc, on every Linux that Node runs on (sysconf(_SC_CLK_TCK)). */
const TICKS = 100;

/** Seconds of processor time that a process has used, its own and the system's on its behalf (proc(5), utime + stime). */
export function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Mebibytes that a process has in memory, now and at most so far. */
export function memory(pid: number): { readonly now: number; readonly peak: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}
