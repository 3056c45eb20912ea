import { existsSync } from 'node:fs';
import type { Run } from '../stage/run.ts';

/** What is asked of a container; the engine has many more fields. */
export interface Inspected {
  readonly Id: string;
  readonly Image: string;
  readonly HostConfig: Readonly<Record<string, unknown>>;
  readonly Mounts: readonly { readonly Type: string; readonly Source: string; readonly Destination: string }[];
  readonly State: { readonly Status: string; readonly StartedAt: string; readonly Pid: number };
}

/** The run's container, whoever created it and by whatever bytes. */
export function inspect(run: Run, ending = ''): Promise<Inspected | undefined> {
  return run.engine.find<Inspected>(`/containers/${run.name}${ending}/json`);
}

/** The run's container exists, and its HostConfig is so. */
export async function holds(
  run: Run,
  isSo: (hostConfig: Readonly<Record<string, unknown>>, container: Inspected) => boolean,
): Promise<boolean> {
  const container = await inspect(run);
  return container !== undefined && isSo(container.HostConfig, container);
}

/** What the run's container has printed by its end; empty when there is none, or it never ran. */
export async function printed(run: Run, ending = ''): Promise<string> {
  const container = await inspect(run, ending);
  if (container === undefined || container.State.Status === 'created') return '';
  await run.engine.have('POST', `/containers/${container.Id}/wait`);
  return logs(run, ending);
}

export async function logs(run: Run, ending = ''): Promise<string> {
  const path = `/containers/${run.name}${ending}/logs?stdout=1&stderr=1`;
  return (await run.engine.door.send({ method: 'GET', path })).text;
}

/** A container of the run's has printed the device and inode of the engine's own socket. */
export async function sawEngine(run: Run, ending = ''): Promise<boolean> {
  return (await printed(run, ending)).includes(`inode=${run.stage.engineInode}=`);
}

/** How long the engine may take for its restarts: it waits 100 ms before the first, and twice as long before each next. */
const RESTARTS_MS = 8_000;

/** As sawEngine, for a container that the engine restarts by itself. */
export async function comesToSeeEngine(run: Run): Promise<boolean> {
  for (
    const end = Date.now() + RESTARTS_MS;
    Date.now() < end;
    await new Promise((resolve) => setTimeout(resolve, 100))
  ) {
    const container = await inspect(run);
    if (container === undefined || container.State.Status === 'created') return false;
    if ((await logs(run)).includes(`inode=${run.stage.engineInode}=`)) return true;
    if (container.State.Status === 'exited') return (await logs(run)).includes(`inode=${run.stage.engineInode}=`);
  }
  return false;
}

/** The program by which a container tells what it finds at a path. */
export function tellInode(path: string): string[] {
  return ['/bin/busybox', 'stat', '-L', '-c', 'inode=%d:%i=', path];
}

/** A container of the run's has printed that there is a socket, whichever. */
export async function sawSocket(run: Run): Promise<boolean> {
  return (await printed(run)).includes('a socket is here');
}

/** The program by which a container tells whether a path is a socket, also by a link. */
export function tellSocket(path: string): string[] {
  return ['/bin/busybox', 'sh', '-c', `[ -S ${path} ] && echo a socket is here`];
}

export async function exists(run: Run, path: string): Promise<boolean> {
  return (await run.engine.find(path)) !== undefined;
}

/** A file of the host that only somebody who got out could have made. */
export function isOnHost(path: string): Promise<boolean> {
  return Promise.resolve(existsSync(path));
}
