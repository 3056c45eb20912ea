import { isMainThread } from 'node:worker_threads';

/** Nobody but the user whom the process runs as. */
const OTHERS = 0o077;

/**
 * From now on, whatever the process makes is for its own user alone, unless it is opened wider on purpose. A socket has no
 * other way to come into being closed: its mode is the process' mask at bind(2), and a thread cannot set that.
 */
export function keepToOurselves(): void {
  if (isMainThread) process.umask(OTHERS);
}

/** Whether it was; Windows has no masks, and rights of its own. */
export function isKeptToOurselves(): boolean {
  return process.platform === 'win32' || (process.umask() & OTHERS) === OTHERS;
}
