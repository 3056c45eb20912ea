import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** Packages and their sub-paths, and Node's own modules in either spelling. */
const outside = [
  /^electron$/,
  /^node:/,
  ...builtinModules.map((name) => new RegExp(`^${name}$`)),
  ...Object.keys(dependencies).map((name) => new RegExp(`^${name}(/.*)?$`)),
];

/** vite's configuration for the command line, the service and the desktop app. Dependencies stay in node_modules, where npm put them. */
export function mainBundle({ outDir, plugins = [] }) {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins,
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: {
          lockkeeper: 'main/lockkeeper.ts',
          desktop: 'main/desktop/desktop.ts',
          'service-thread': 'main/desktop/service-thread/thread.ts',
        },
        external: outside,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          // Commands are loaded when they are used: `--help` reads none of them.
          chunkFileNames: 'parts/[name].js',
          banner: (chunk) => (chunk.isEntry && chunk.name === 'lockkeeper' ? '#!/usr/bin/env node' : ''),
        },
      },
    },
  };
}
