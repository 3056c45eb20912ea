import { createHash } from 'node:crypto';
import { type Pack, pack } from 'tar-stream';

/** A file of an image layer: plain content (mode 0644), content with a mode or owner, a symbolic link, or a folder. */
export type FileEntry =
  | string
  | Uint8Array
  | { readonly content: string | Uint8Array; readonly mode?: number; readonly uid?: number; readonly gid?: number }
  | { readonly symlink: string }
  | { readonly directory: true; readonly mode?: number };

/** Absolute paths in the image; folders on the way are added. */
export type Files = Readonly<Record<string, FileEntry>>;

/**
 * An uncompressed layer, which engines accept as they do gzip. Its digest is then also its diff ID, and compressing
 * the docker CLI would cost more time than all else at the start of a lab.
 */
export interface Blob {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** The same files make the same digest on every machine: fixed order and times. */
export async function layerOf(files: Files): Promise<Blob> {
  const archive = pack();
  const chunks: Buffer[] = [];
  const read = (async () => {
    for await (const chunk of archive) chunks.push(chunk as Buffer);
  })();
  for (const [path, entry] of Object.entries(withFolders(files))) addEntry(archive, path.replace(/^\/+/, ''), entry);
  archive.finalize();
  await read;
  return blobOf(Buffer.concat(chunks));
}

/** An engine makes folders that a layer leaves out with mode 0600, through which only root can pass. */
function withFolders(files: Files): Files {
  const all: Record<string, FileEntry> = {};
  for (const path of Object.keys(files).toSorted()) {
    const parts = path.split('/').filter(Boolean);
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = `/${parts.slice(0, depth).join('/')}`;
      all[folder] ??= { directory: true, mode: FOLDER_MODES[folder] ?? 0o755 };
    }
    const entry = files[path];
    if (entry !== undefined) all[path] = entry;
  }
  return all;
}

const FOLDER_MODES: Readonly<Record<string, number>> = { '/tmp': 0o1777, '/root': 0o700 };

export function blobOf(bytes: Uint8Array): Blob {
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}

export function jsonBlob(value: unknown): Blob {
  return blobOf(Buffer.from(JSON.stringify(value)));
}

function addEntry(archive: Pack, name: string, entry: FileEntry): void {
  const common = { name, mtime: new Date(0), uid: 0, gid: 0 };
  if (typeof entry === 'string' || entry instanceof Uint8Array) {
    archive.entry({ ...common, mode: 0o644 }, Buffer.from(entry));
  } else if ('symlink' in entry) {
    archive.entry({ ...common, type: 'symlink', linkname: entry.symlink, mode: 0o777 });
  } else if ('directory' in entry) {
    archive.entry({ ...common, type: 'directory', mode: entry.mode ?? 0o755 });
  } else {
    const { content, mode = 0o644, uid = 0, gid = 0 } = entry;
    archive.entry({ ...common, mode, uid, gid }, Buffer.from(content));
  }
}
