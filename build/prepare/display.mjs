import { existsSync } from 'node:fs';
import { installOptional } from './debian-packages.mjs';

/** Where tests/system/window looks, too. */
const SERVER = '/usr/bin/Xvfb';

/** Installs the screen on which the desktop app is tested. Optional: without it those tests are skipped by name. */
export function display() {
  if (existsSync(SERVER)) return;
  installOptional('screen for the tests of the desktop app', ['xvfb']);
}
