import { extract } from 'tar-stream';

/** What is at a path in a container. */
export interface PathStat {
  readonly isLink: boolean;
  readonly isFolder: boolean;
  readonly linkTarget: string;
}

/** moby sends the stat as base64 JSON; `mode` is Go's os.FileMode, whose top bit is a folder and bit 27 a link. */
export function toPathStat(header: string): PathStat {
  const stat = JSON.parse(Buffer.from(header, 'base64').toString()) as { mode: number; linkTarget?: string };
  const mode = stat.mode >>> 0;
  return {
    isFolder: (mode & 0x8000_0000) !== 0,
    isLink: (mode & 0x0800_0000) !== 0,
    linkTarget: stat.linkTarget ?? '',
  };
}

/** Whether a folder's archive holds nothing but the folder itself, which comes first. Reads no further than it must. */
export async function isEmptyArchive(archive: NodeJS.ReadableStream): Promise<boolean> {
  const entries = extract();
  archive.once('error', (error) => entries.destroy(error instanceof Error ? error : new Error(String(error))));
  archive.pipe(entries);
  let count = 0;
  for await (const entry of entries) {
    count += 1;
    if (count > 1) break;
    entry.resume();
  }
  archive.unpipe(entries);
  // The rest may be the whole image: the engine is not to go on packing it.
  if ('destroy' in archive && typeof archive.destroy === 'function') archive.destroy();
  return count <= 1;
}
