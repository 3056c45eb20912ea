import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Electron's own installer (node_modules/electron/install.js) needs it. */
const INSTALLER_NODE = [22, 12];

/**
 * Which shell `npm start` runs, and why. `install` tries to have Electron's installer fetch the runtime, and gives back
 * why that did not work.
 * @param {{ platform: string, isRoot: boolean, env: Record<string, string | undefined>, nodeVersion: string, runtime: string | undefined, install: () => string | undefined }} machine
 * @returns {{ shell: 'electron' | 'headless', why: string }}
 */
export function chooseShell({ platform, isRoot, env, nodeVersion, runtime, install }) {
  const headless = (why) => ({ shell: /** @type {const} */ ('headless'), why });
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return headless('Electron: there is no display');
  if (isRoot && !env.LOCKKEEPER_ELECTRON_LAUNCHER) return headless('Electron: its sandbox is not for root');
  if (runtime !== undefined) return { shell: 'electron', why: `the runtime is at ${runtime}` };
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  if (major < INSTALLER_NODE[0] || (major === INSTALLER_NODE[0] && minor < INSTALLER_NODE[1])) {
    return headless(
      `Electron: its installer needs Node ${INSTALLER_NODE.join('.')} or newer, and this is ${nodeVersion}`,
    );
  }
  const failure = install();
  if (failure !== undefined) return headless(`Electron: its runtime could not be fetched (${failure})`);
  return { shell: 'electron', why: 'the runtime was fetched now' };
}

/**
 * Electron's program, where one is: the place that the environment names, or the one of its npm package.
 * @param {string} checkout @param {Record<string, string | undefined>} env @returns {string | undefined}
 */
export function electronProgram(checkout, env) {
  const folder = join(checkout, 'node_modules/electron');
  const named = join(folder, 'path.txt');
  const name = existsSync(named) ? readFileSync(named, 'utf8') : undefined;
  const given = env.ELECTRON_OVERRIDE_DIST_PATH;
  const program = given ? join(given, name ?? 'electron') : name === undefined ? undefined : join(folder, 'dist', name);
  return program !== undefined && existsSync(program) ? program : undefined;
}
