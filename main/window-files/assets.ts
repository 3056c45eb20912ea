import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the window, as it goes to the browser. */
export interface Asset {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export type AssetsResult =
  | { readonly ok: true; readonly assets: ReadonlyMap<string, Asset> }
  | { readonly ok: false; readonly message: string };

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Where the bundles are, seen from a bundle; undefined when this is not one. */
export function builtRenderer(here = fileURLToPath(import.meta.url)): string | undefined {
  const at = here.lastIndexOf(`${sep}dist${sep}`);
  return at === -1 ? undefined : join(here.slice(0, at), 'dist', 'renderer');
}

/**
 * Reads the built window into memory, by the path in its address. Only what is in this map is ever served, so no address
 * leads anywhere else, and a new build does not change what a running Lockkeeper serves.
 */
export async function loadAssets(folder: string | undefined): Promise<AssetsResult> {
  const missing = `the window's files are not at ${folder ?? 'dist/renderer'}: run 'npm run build'`;
  if (folder === undefined) return { ok: false, message: missing };
  const assets = new Map<string, Asset>();
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const type = contentTypes[extname(entry.name)];
      if (!entry.isFile() || type === undefined) continue;
      const file = join(entry.parentPath, entry.name);
      const path = file.slice(folder.length).split(sep).join('/');
      assets.set(path, { body: await readFile(file), headers: headersOf(path, type) });
    }
  } catch (error) {
    return { ok: false, message: `${missing} (${error instanceof Error ? error.message : String(error)})` };
  }
  const index = assets.get('/index.html');
  if (index === undefined) return { ok: false, message: missing };
  assets.delete('/index.html');
  return { ok: true, assets: assets.set('/', index) };
}

/** All but the index have the hash of their content in their name. */
function headersOf(path: string, type: string): Asset['headers'] {
  const caching = path === '/index.html' ? 'no-store' : 'private, max-age=31536000, immutable';
  return { 'Content-Type': type, 'Cache-Control': caching };
}
