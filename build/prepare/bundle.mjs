import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, run, say } from './step.mjs';

/** What the bundles are made of. */
const SOURCES = [
  'main',
  'shared',
  'renderer',
  'preload',
  'build/bundle.mjs',
  'build/bundled-packages.mjs',
  'build/main-bundle.mjs',
  'build/preload-bundle.mjs',
  'build/renderer-bundle.mjs',
  'build/icons.mjs',
  'build/icons',
  'package.json',
  'package-lock.json',
];

/** Runs build/bundle.mjs when dist/ is missing or was made of other sources (by content: a checkout changes times). */
export function bundle() {
  const stamp = join(checkout, 'dist/.sources');
  const sources = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  say('bundling');
  run(process.execPath, [join(checkout, 'build/bundle.mjs')]);
  writeFileSync(stamp, sources);
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesIn(source))
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(checkout, file)))
        .update('\0');
  }
  return hash.digest('hex');
}

function filesIn(path) {
  const full = join(checkout, path);
  if (!existsSync(full)) return [];
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(checkout.length + 1))
    .sort();
}
