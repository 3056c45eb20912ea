// `npm run package`: builds the desktop app for this system, unpacked, from the Electron runtime that is at hand.
// Nothing is fetched for it. With `--installers` it builds what electron-builder.yml names for this system, for which
// electron-builder fetches the tools.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { build, Platform } from 'electron-builder';
import { runtimeAtHand } from './package/runtime.mjs';
import { checkout, run } from './prepare/step.mjs';

const wanted = new Command('package')
  .description('Builds the desktop app for this system.')
  .option('--installers', 'what electron-builder.yml names for this system', false)
  .option('--output <folder>', 'where it goes', 'release')
  .parse()
  .opts();
const say = (text) => console.error(`package: ${text}`);
const runtime = runtimeAtHand(checkout, process.env);
if (runtime === undefined) {
  say('there is no Electron runtime to make it of.');
  say('Name the folder of one in ELECTRON_OVERRIDE_DIST_PATH, or have Electron fetch its own, which needs Node 22.12:');
  say('  node node_modules/electron/install.js');
  process.exit(3);
}
say(`of Electron ${runtime.version} at ${runtime.folder}`);
const { electron } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')).devDependencies;
if (runtime.version !== electron)
  say(`package.json names Electron ${electron}: this package is to be tried, not given out`);

const output = resolve(checkout, wanted.output);
await build({
  projectDir: checkout,
  targets: Platform.current().createTarget(wanted.installers ? null : 'dir'),
  publish: 'never',
  config: { electronDist: runtime.folder, electronVersion: runtime.version, directories: { output } },
});
say(`it is in ${output}`);
run(process.execPath, [join(checkout, 'build/sbom.mjs'), '--output', join(output, 'sbom.cdx.json')]);
