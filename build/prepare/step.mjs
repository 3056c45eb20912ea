import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A step that cannot be done here, with what to do about it. */
export class Unprepared extends Error {
  /** @param {string} message @param {number} exitCode 1: it was tried and failed; 3: it is the user's to do */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Says in one line what takes a while. @param {string} text */
export function say(text) {
  console.error(`prepare: ${text}`);
}

/**
 * Runs a command silently; when it fails, what it printed last is the message.
 * @param {string} file @param {readonly string[]} args @param {{ cwd?: string, env?: Record<string, string>, shell?: boolean }} [options]
 * @returns {string} standard output
 */
export function run(file, args, options = {}) {
  const { env = {}, cwd = checkout, shell = false } = options;
  const result = spawnSync(file, args, {
    cwd,
    shell,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.error !== undefined) throw new Unprepared(`${file}: ${result.error.message}`);
  if (result.status === 0) return result.stdout;
  const printed = `${result.stdout}${result.stderr}`.trim().split('\n').slice(-40).join('\n');
  throw new Unprepared(`${[file, ...args].join(' ')} ended with ${result.status ?? result.signal}:\n${printed}`);
}
