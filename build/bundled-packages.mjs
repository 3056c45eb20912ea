import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The package that a module belongs to, as `name@version`; undefined for our own. */
function packageOf(id) {
  // Helpers that the bundler puts in have names of their own.
  const helper = /^\0(vite|rolldown)\//.exec(id)?.[1];
  const folder = helper === undefined ? /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] : undefined;
  if (helper === undefined && folder === undefined) return undefined;
  const manifest = folder ?? new URL(`../node_modules/${helper}`, import.meta.url).pathname;
  const { name, version } = JSON.parse(readFileSync(`${manifest}/package.json`, 'utf8'));
  return `${name}@${version}`;
}

/** A plugin of vite that writes down which packages have code in a bundle, as the bundler itself knows it. */
export function bundledPackages(file) {
  return {
    name: 'bundled-packages',
    writeBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? output.moduleIds : []));
      const packages = [...new Set(modules.flatMap((id) => packageOf(id) ?? []))].sort();
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(packages, null, 2)}\n`);
    },
  };
}
