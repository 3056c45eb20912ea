import { existsSync } from 'node:fs';
import { installOptional } from './debian-packages.mjs';

/** Shells whose completion is tested, besides bash. */
const SHELLS = ['zsh', 'fish'];
const FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin'];

/** Installs the shells in which completion is tested. Optional: without one its tests are skipped by name. */
export function shells() {
  const missing = SHELLS.filter((shell) => !FOLDERS.some((folder) => existsSync(`${folder}/${shell}`)));
  if (missing.length > 0) installOptional(`${missing.join(' and ')} for the tests of completion`, missing);
}
