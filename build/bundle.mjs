// Bundles the command line, the service and the desktop app to dist/main, the window to dist/renderer, and what is
// between them to dist/preload.
import { chmod, mkdir, rm, symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { bundledPackages } from './bundled-packages.mjs';
import { mainBundle } from './main-bundle.mjs';
import { preloadBundle } from './preload-bundle.mjs';
import { rendererBundle } from './renderer-bundle.mjs';

/** Which packages are in each bundle, for the list of what is shipped (sbom.mjs). */
const told = (part) => [bundledPackages(fileURLToPath(new URL(`../dist/packages/${part}.json`, import.meta.url)))];

await build(mainBundle({ outDir: 'dist/main', plugins: told('main') }));
await chmod(new URL('../dist/main/lockkeeper.js', import.meta.url), 0o755);

// `npx lockkeeper` in the checkout finds the program through npm's cache, but not if it was tried once before the first
// build: npm remembers that there was nothing to link. The project's own .bin comes next, so the link stands there too.
if (process.platform !== 'win32') {
  const link = new URL('../node_modules/.bin/lockkeeper', import.meta.url);
  await mkdir(new URL('.', link), { recursive: true });
  await rm(link, { force: true });
  await symlink('../../dist/main/lockkeeper.js', link);
}

await build(preloadBundle({ outDir: 'dist/preload', plugins: told('preload') }));
const window = fileURLToPath(new URL('../dist/renderer', import.meta.url));
await build(rendererBundle({ outDir: window, plugins: told('renderer') }));
await import('./icons.mjs');
