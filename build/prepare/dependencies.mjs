import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, run, say, Unprepared } from './step.mjs';

const OLDEST = [20, 19];

/** Installs node_modules with `npm ci`, unless they are what package-lock.json asks for. */
export function dependencies() {
  requireNode();
  const lockText = readFileSync(join(checkout, 'package-lock.json'), 'utf8');
  const modules = join(checkout, 'node_modules');
  const stamp = join(modules, '.lockkeeper-prepared');
  const wanted = `${createHash('sha256').update(lockText).digest('hex')} ${process.platform} ${process.arch}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!isInstalled(JSON.parse(lockText), modules)) {
    say('installing the dependencies (npm ci)');
    run('npm', ['ci', '--no-audit', '--no-fund'], { shell: process.platform === 'win32' });
  }
  writeFileSync(stamp, wanted);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new Unprepared(`Lockkeeper needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node}.`, 3);
}

/** npm leaves a list of what it installed: somebody may have run `npm ci` or `npm install` by hand. */
function isInstalled(lock, modules) {
  const list = join(modules, '.package-lock.json');
  if (!existsSync(list)) return false;
  const installed = JSON.parse(readFileSync(list, 'utf8')).packages;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '' || wanted.optional || wanted.devOptional) return true;
    return installed[path]?.version === wanted.version && existsSync(join(checkout, path));
  });
}
