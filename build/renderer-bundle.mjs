import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';

const root = fileURLToPath(new URL('../renderer', import.meta.url));

/** vite's configuration for the window. Its pages load nothing from elsewhere and run no script that stands in them. */
export function rendererBundle({ outDir, plugins = [] }) {
  return {
    root,
    // Relative: the same files are served to browsers and to Electron.
    base: './',
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [react(), ...plugins],
    build: {
      outDir,
      emptyOutDir: true,
      // What the minifier takes out: the libraries may be passed on with their licences alone. It is not served.
      license: { fileName: 'licenses.md' },
      target: 'es2022',
      sourcemap: false,
      // As files of their own, not as data: addresses, which the page's security policy allows for pictures only.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  };
}
