import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { mortal } from '../../running.ts';

export const XVFB = '/usr/bin/Xvfb';

/** A screen that nobody sees. */
export interface Display {
  /** As DISPLAY has it. */
  readonly name: string;
  close(): Promise<void>;
}

/** Starts an X server with a number that is free. Whoever reaches its socket may use it: the app is another user. */
export async function openDisplay(): Promise<Display> {
  const screen = ['-screen', '0', '1280x900x24', '-nolisten', 'tcp', '-ac', '-displayfd', '3'];
  const [file, ...args] = mortal([XVFB, ...screen]);
  const server = spawn(file, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  // The fourth of stdio was asked for as a pipe.
  const number = createInterface({ input: server.stdio[3] as Readable });
  const name = await new Promise<string>((resolve, reject) => {
    number.once('line', (line) => resolve(`:${line}`));
    void ended.then(() => reject(new Error('Xvfb ended at once')));
  });
  return {
    name,
    async close() {
      server.kill();
      await ended;
    },
  };
}
