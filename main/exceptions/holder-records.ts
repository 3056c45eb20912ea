import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import { writeAtomically } from '../state/write-atomically.ts';

const recordSchema = z.strictObject({
  version: z.literal(1),
  key: z.string().regex(/^[0-9a-f]{16}$/),
  containerId: z.string(),
  image: z.string(),
  imageId: z.string(),
  entry: z.string(),
  targets: z.array(z.string()),
});

/** What is known on disk of each container that holds a filtered socket; one small file each, written before it may start. */
export interface HolderRecords {
  /** Records that cannot be read are named in `unreadable`: their containers have no socket until they are created again. */
  load(): Promise<{ readonly holders: readonly SocketHolder[]; readonly unreadable: readonly string[] }>;
  save(holder: SocketHolder): Promise<void>;
  remove(key: string): Promise<void>;
}

export function holderRecords(folder: string): HolderRecords {
  const pathOf = (key: string) => join(folder, `${key}.json`);
  return {
    async load() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const holders: SocketHolder[] = [];
      const unreadable: string[] = [];
      for (const name of await readdir(folder)) {
        if (!name.endsWith('.json')) continue;
        const record = await readRecord(join(folder, name));
        if (record === undefined) unreadable.push(name);
        else holders.push(record);
      }
      return { holders, unreadable };
    },
    save: (holder) => writeAtomically(pathOf(holder.key), JSON.stringify({ version: 1, ...holder })),
    remove: (key) => rm(pathOf(key), { force: true }),
  };
}

async function readRecord(path: string): Promise<SocketHolder | undefined> {
  try {
    const { version: _version, ...holder } = recordSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    return holder;
  } catch {
    return undefined;
  }
}
