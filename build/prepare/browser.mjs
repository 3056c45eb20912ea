import { existsSync } from 'node:fs';
import { installObstacle, installPackages } from './debian-packages.mjs';
import { say, Unprepared } from './step.mjs';

/** Where tests/system/window looks, too. */
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const PACKAGES = ['chromium'];

/** Installs the browser in which the window is tested. Optional: without it those tests are skipped by name. */
export function browser() {
  if (BROWSERS.some((path) => existsSync(path))) return;
  const obstacle = installObstacle(PACKAGES);
  if (obstacle !== undefined) return say(`no browser for the tests of the window: ${obstacle}`);
  try {
    installPackages(PACKAGES);
  } catch (error) {
    if (!(error instanceof Unprepared)) throw error;
    say(`no browser for the tests of the window: ${error.message}`);
  }
}
