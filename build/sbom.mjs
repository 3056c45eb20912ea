// `npm run sbom`: writes a CycloneDX list of all that a package of the app is made of, of what npm knows about it: the
// packages that run beside the bundles, those that are in them, and Electron.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { checkout } from './prepare/step.mjs';

/** What electron-builder.yml leaves out of the packages that run. */
const LEFT_OUT = /^(bare-[^@]*|@types\/[^@]*|undici-types)@/;

const wanted = new Command('sbom')
  .description('Lists what a package of the app is made of.')
  .option('--output <file>', 'where the list goes', 'release/sbom.cdx.json')
  .parse()
  .opts();
const readJson = (path) => JSON.parse(readFileSync(join(checkout, path), 'utf8'));
const { name, devDependencies } = readJson('package.json');

function askNpm() {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const shell = process.platform === 'win32';
  const { status, stdout, stderr } = spawnSync(npm, args, {
    cwd: checkout,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    shell,
  });
  if (status === 0) return JSON.parse(stdout);
  console.error(`sbom: npm does not tell what is installed; "npm ci" puts that in order\n${stderr}`);
  process.exit(1);
}

/** The packages that run, as `name@version`: those that the lock file has neither for development alone nor as optional. */
function running() {
  return Object.entries(readJson('package-lock.json').packages)
    .filter(([path, { dev, devOptional, optional }]) => path !== '' && !dev && !devOptional && !optional)
    .map(
      ([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`,
    )
    .filter((ref) => !LEFT_OUT.test(ref));
}

const bom = askNpm();
const bundled = ['main', 'preload', 'renderer'].flatMap((part) => readJson(`dist/packages/${part}.json`));
const shipped = new Set([...running(), ...bundled, `electron@${devDependencies.electron}`]);
const components = bom.components.filter((component) => shipped.has(component['bom-ref']));
const missing = [...shipped].filter((ref) => !components.some((component) => component['bom-ref'] === ref));
if (missing.length > 0) {
  console.error(`sbom: npm knows nothing of ${missing.join(', ')}, which the bundles have; bundle them anew`);
  process.exit(1);
}
const own = bom.metadata.component['bom-ref'];
const kept = (ref) => ref === own || shipped.has(ref);
const listed = {
  ...bom,
  metadata: { ...bom.metadata, component: { ...bom.metadata.component, name } },
  // What npm takes for needed in development only is what the app is made of here.
  components: components.map((component) => ({ ...component, scope: 'required', properties: [] })),
  dependencies: bom.dependencies
    .filter(({ ref }) => kept(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(kept) })),
};
const output = resolve(checkout, wanted.output);
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, `${JSON.stringify(listed, null, 2)}\n`);
console.error(`sbom: ${components.length} components in ${output}`);
