import { lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { startTime } from './processes.ts';

/** Where labs live: on disk (dockerd needs overlay upper layers there), outside the checkout, short for socket paths. */
export const PLACES = '/var/tmp';

const NAME = /^lk-(\d+)-([0-9a-z]+)-[a-z]+\d+$/;
let count = 0;

/**
 * A lab's folder, network namespace and cgroup share one name, which holds the owning process' id and start time:
 * a folder and the record of who owns it then come into being in one step.
 */
export function createPlace(label: string): string {
  if (!/^[a-z]{1,10}$/.test(label)) throw new Error(`a lab's name is 1 to 10 lower-case letters, not "${label}"`);
  const start = startTime(process.pid);
  if (start === undefined) throw new Error('/proc is not readable: the lab needs Linux with /proc mounted');
  count += 1;
  const folder = `${PLACES}/lk-${process.pid}-${start}-${label}${count}`;
  mkdirSync(folder, { mode: 0o755 });
  return folder;
}

/** Names of labs, as folder, network namespace or cgroup, whose process is gone. */
export function abandonedNames(): readonly string[] {
  const names = new Set([PLACES, '/run/netns', ...cgroupTrees()].flatMap(namesIn));
  return [...names].filter(isAbandoned);
}

/** The top of each tree of cgroups: with v1 every controller has its own, with v2 there is one. */
export function cgroupTrees(): readonly string[] {
  const root = '/sys/fs/cgroup';
  return [root, ...readdirSync(root).map((entry) => `${root}/${entry}`)];
}

function isAbandoned(name: string): boolean {
  const [, pid, start] = NAME.exec(name) ?? [];
  return pid !== undefined && startTime(Number(pid)) !== start;
}

function namesIn(folder: string): readonly string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder).filter((name) => NAME.test(name) && isRoots(`${folder}/${name}`));
}

/** Anyone may create entries in /var/tmp: only root's own count, or a stranger could name what we remove. */
function isRoots(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.uid === 0;
}
