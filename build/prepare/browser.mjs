import { existsSync } from 'node:fs';
import { installOptional } from './debian-packages.mjs';

/** Where tests/system/window looks, too. */
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const PACKAGES = ['chromium'];

/** Installs the browser in which the window is tested. Optional: without it those tests are skipped by name. */
export function browser() {
  if (BROWSERS.some((path) => existsSync(path))) return;
  installOptional('browser for the tests of the window', PACKAGES);
}
