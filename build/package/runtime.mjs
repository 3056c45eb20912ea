import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { electronProgram } from '../start/choose-shell.mjs';

/**
 * The Electron runtime that is at hand, as `npm start` finds it; undefined where there is none.
 * @param {string} checkout @param {Record<string, string | undefined>} env
 * @returns {{ folder: string, version: string } | undefined}
 */
export function runtimeAtHand(checkout, env) {
  if (electronProgram(checkout, env) === undefined) return undefined;
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH || join(checkout, 'node_modules/electron/dist');
  return { folder, version: readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '') };
}
