import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mortal } from '../running.ts';

const DAEMON = '/usr/bin/dbus-daemon';
export const busMissing = existsSync(DAEMON) ? undefined : 'no D-Bus; on Debian: apt-get install dbus-daemon';

/** A session bus of its own, which lets everybody in: the app may be another user. */
export interface SessionBus {
  readonly address: string;
  close(): Promise<void>;
}

/** Starts one with its socket in a folder that whoever uses it can reach. */
export async function startSessionBus(folder: string): Promise<SessionBus> {
  const config = join(folder, 'bus.conf');
  writeFileSync(
    config,
    `<busconfig>
      <type>session</type>
      <listen>unix:path=${join(folder, 'bus')}</listen>
      <auth>EXTERNAL</auth>
      <policy context="default">
        <allow user="*"/>
        <allow own="*"/>
        <allow send_destination="*"/>
        <allow receive_sender="*"/>
      </policy>
    </busconfig>`,
  );
  const [file, ...args] = mortal([DAEMON, `--config-file=${config}`, '--nofork', '--nopidfile', '--print-address=1']);
  const daemon = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: daemon.stdout }).once('line', resolve);
    void ended.then(() => reject(new Error('dbus-daemon ended at once')));
  });
  return {
    address,
    async close() {
      daemon.kill();
      await ended;
    },
  };
}
