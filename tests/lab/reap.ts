import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { abandonedNames, cgroupTrees, PLACES } from './place.ts';
import { outsideOf } from './podman.ts';
import { descendantsOf, killAll, networkOf } from './processes.ts';

/**
 * Removes a lab whole: processes, mounts, network namespace, cgroups, folder. Synchronous, because it also runs when
 * the process exits; safe to run twice and on what an earlier run left half done.
 */
export function reap(name: string): void {
  const folder = join(PLACES, name);
  const namespace = `/run/netns/${name}`;
  const outside = outsideOf(folder);
  const sockets = killLab(name, namespace);
  for (const path of outside.namespaces) {
    spawnSync('umount', ['--lazy', path]);
    rmSync(path, { force: true });
  }
  unmountBelow(folder);
  if (existsSync(namespace)) spawnSync('ip', ['netns', 'del', name]);
  for (const cgroup of [name, ...outside.cgroups].flatMap(cgroupsNamed)) removeCgroup(cgroup);
  for (const socket of sockets) rmSync(socket, { force: true });
  rmSync(folder, { recursive: true, force: true });
}

/** Removes what labs of dead processes have left. */
export function sweep(): void {
  for (const name of abandonedNames()) reap(name);
}

/** Returns the shims' sockets, which killed shims leave behind. */
function killLab(name: string, namespace: string): ReadonlySet<string> {
  const sockets = new Set<string>();
  killAll(() => {
    const pids = processesOf(name, namespace);
    for (const pid of pids) for (const socket of shimSockets(pid)) sockets.add(socket);
    return pids;
  });
  return sockets;
}

function processesOf(name: string, namespace: string): readonly number[] {
  const pids = new Set<number>();
  const inode = existsSync(namespace) ? statSync(namespace).ino : undefined;
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry) && networkOf(Number(entry)) === `net:[${inode}]`) pids.add(Number(entry));
  }
  for (const cgroup of cgroupsNamed(name)) {
    for (const pid of membersBelow(cgroup)) if (networkOf(pid) !== undefined) pids.add(pid);
  }
  // Podman's containers have a network and a control group elsewhere; what started them, conmon, is in the lab's network.
  for (const pid of descendantsOf(pids)) pids.add(pid);
  pids.delete(process.pid);
  return [...pids];
}

/** containerd keeps all shims' sockets in one folder of the whole machine, /run/containerd/s, whoever started it. */
function shimSockets(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/net/unix`, 'utf8').match(/(?<= )\/run\/containerd\/s\/[0-9a-f]+$/gm) ?? [];
  } catch {
    return [];
  }
}

function cgroupsNamed(name: string): readonly string[] {
  return cgroupTrees()
    .map((tree) => join(tree, name))
    .filter((path) => existsSync(path));
}

function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
}

function membersBelow(cgroup: string): readonly number[] {
  try {
    const own = readFileSync(join(cgroup, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
    return [...own, ...foldersIn(cgroup).flatMap(membersBelow)];
  } catch {
    return [];
  }
}

function removeCgroup(cgroup: string): void {
  for (const child of foldersIn(cgroup)) removeCgroup(child);
  try {
    rmdirSync(cgroup);
  } catch {
    // The kernel lets go of a dead process' cgroup a little later at times; an empty cgroup costs nothing.
  }
}

/** Throws rather than leave a mount: removing the folder would then remove what is mounted there. */
function unmountBelow(folder: string): void {
  for (const mount of mountsBelow(folder)) spawnSync('umount', ['--lazy', mount]);
  const left = mountsBelow(folder);
  if (left.length > 0) throw new Error(`still mounted, so ${folder} stays: ${left.join(', ')}`);
}

/** Mount points below a folder, the innermost first (mountinfo lists a mount after the one it stands on). */
export function mountsBelow(folder: string): readonly string[] {
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '');
  const spelled = points.map((point) =>
    point.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(parseInt(code, 8))),
  );
  return spelled.filter((point) => point.startsWith(`${folder}/`)).reverse();
}
