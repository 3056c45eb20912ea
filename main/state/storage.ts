import { statfs } from 'node:fs/promises';

/** File systems that a reboot empties, by their numbers in statfs(2). */
const IN_MEMORY: ReadonlyMap<number, string> = new Map([
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
]);

/** Emptied at each start of the system (FHS 3.0, sections 3.15 and 3.18), whatever they lie on. */
const EMPTIED = /^\/(run|var\/run|tmp)(?=\/|$)/;

/**
 * What is wrong with keeping state in this folder (absolute, without links) for longer than until the next reboot, with
 * the remedy: containers that the engine starts again by itself would find an empty folder in place of their socket.
 */
export async function storageProblem(folder: string, platform: NodeJS.Platform): Promise<string | undefined> {
  if (platform !== 'linux') return undefined;
  const { type } = await statfs(folder);
  const memory = IN_MEMORY.get(type);
  const [emptied] = EMPTIED.exec(folder) ?? [];
  if (memory === undefined && emptied === undefined) return undefined;
  const where = memory === undefined ? `lies below ${emptied}` : `lies in memory (${memory})`;
  return `the state folder ${folder} ${where}, which a reboot empties: containers with a filtered socket would lose it; choose a folder on disk with --state`;
}
