import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** vite's configuration for the preload script: one CommonJS file, since a sandboxed one can load nothing but Electron. */
export function preloadBundle({ outDir, plugins = [] }) {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins,
    build: {
      ssr: 'preload/preload.ts',
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      rolldownOptions: {
        external: [/^electron$/],
        output: { format: 'cjs', entryFileNames: 'preload.cjs' },
      },
    },
  };
}
