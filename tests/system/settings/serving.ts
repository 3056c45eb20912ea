import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runCommand } from '../../lab/command.ts';
import type { AttachedLab } from '../../lab/lab.ts';

const PROGRAM = new URL('../../../dist/main/lockkeeper.js', import.meta.url).pathname;

/** A Lockkeeper of the built program whose settings files, and their folders, are the test's to change at any time. */
export interface Serving {
  /** What `--settings` names, alone in its folder. */
  readonly settings: string;
  readonly userSettings: string;
  readonly state: string;
  readonly hostGate: string;
  readonly standing: string;
  start(): Promise<void>;
  /** What this run, since its start, wrote to standard error. */
  complaints(): string;
  kill(signal?: NodeJS.Signals): Promise<void>;
  cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Kills it if it runs, and removes everything. */
  remove(): Promise<void>;
}

export function prepareServing(lab: AttachedLab): Serving {
  mkdirSync(lab.work, { recursive: true });
  const folder = mkdtempSync(join(lab.work, 'st-'));
  const settings = join(folder, 'etc', 'admin-settings.json');
  const userSettings = join(folder, 'home', '.config', 'lockkeeper', 'settings.json');
  const paths = {
    state: join(folder, 's'),
    hostGate: join(folder, 'g', 'd.sock'),
    standing: join(folder, 't', 'c.sock'),
  };
  mkdirSync(join(folder, 'etc'), { mode: 0o755 });
  mkdirSync(join(folder, 'home'), { mode: 0o755 });
  const env = { PATH: process.env.PATH ?? '', HOME: join(folder, 'home') };
  let child: ChildProcess | undefined;
  let complaints = '';

  const start = () =>
    new Promise<void>((resolve, reject) => {
      complaints = '';
      const options = ['--engine', lab.engineUrl, '--state', paths.state, '--settings', settings];
      const sockets = ['--host-gate', paths.hostGate, '--standing-socket', paths.standing];
      const [file, ...args] = lab.inside([process.execPath, PROGRAM, 'serve', ...options, ...sockets]);
      const started = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
      child = started;
      started.stderr.on('data', (text: Buffer) => {
        complaints += text.toString();
      });
      createInterface({ input: started.stdout }).once('line', () => resolve());
      started.once('exit', (code) => reject(new Error(`lockkeeper ended with ${code}: ${complaints}`)));
    });
  const kill = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child?.once('exit', resolve));
    child.kill(signal);
    await exited;
  };
  return {
    settings,
    userSettings,
    ...paths,
    start,
    complaints: () => complaints,
    kill,
    cli: (...args) => runCommand(process.execPath, [PROGRAM, ...args, '--state', paths.state], { env }),
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
