import { existsSync } from 'node:fs';
import { installOptional } from './debian-packages.mjs';

/** What the desktop app is tested on, where tests/system looks for it, and the Debian package that has it. */
const PROGRAMS = [
  ['/usr/bin/Xvfb', 'xvfb'],
  ['/usr/bin/dbus-daemon', 'dbus-daemon'],
];

/** Installs a screen and a session bus for the desktop app. Optional: without them its tests are skipped by name. */
export function display() {
  const missing = PROGRAMS.filter(([path]) => !existsSync(path)).map(([, name]) => name);
  if (missing.length > 0) installOptional('screen or session bus for the tests of the desktop app', missing);
}
