// Bundles the command line and the service to dist/main. Dependencies stay in node_modules, where `npm ci` put them.
import { chmod, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const { dependencies } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));

/** Packages and their sub-paths, and Node's own modules in either spelling. */
const outside = [
  /^node:/,
  ...builtinModules.map((name) => new RegExp(`^${name}$`)),
  ...Object.keys(dependencies).map((name) => new RegExp(`^${name}(/.*)?$`)),
];

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: {
    ssr: 'main/lockkeeper.ts',
    outDir: 'dist/main',
    emptyOutDir: true,
    target: 'node20',
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      external: outside,
      output: {
        format: 'es',
        entryFileNames: 'lockkeeper.js',
        // Commands are loaded when they are used: `--help` reads none of them.
        chunkFileNames: 'parts/[name].js',
        banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
      },
    },
  },
});

await chmod(new URL('../dist/main/lockkeeper.js', import.meta.url), 0o755);

// `npx lockkeeper` in the checkout finds the program through npm's cache, but not if it was tried once before the first
// build: npm remembers that there was nothing to link. The project's own .bin comes next, so the link stands there too.
if (process.platform !== 'win32') {
  const link = new URL('../node_modules/.bin/lockkeeper', import.meta.url);
  await mkdir(new URL('.', link), { recursive: true });
  await rm(link, { force: true });
  await symlink('../../dist/main/lockkeeper.js', link);
}
