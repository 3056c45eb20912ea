import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle } from 'vite';
import { mainBundle } from '../../../build/main-bundle.mjs';
import type { ServeOptions } from '../../../main/service/service-options.ts';
import type { Step } from '../../../main/steps/step.ts';
import { runCommand } from '../../lab/command.ts';
import type { AttachedLab } from '../../lab/lab.ts';
import { type SettingsWords, settingsJson } from '../running.ts';

const SOURCE = new URL('mortal-keeper.ts', import.meta.url).pathname;
/** In the checkout, where its dependencies are found; for this worker alone. */
const BUNDLE = new URL(`../../../dist/mortal-${process.env.VITEST_POOL_ID}`, import.meta.url).pathname;
const PROGRAM = join(BUNDLE, 'mortal-keeper.js');

const CLI = new URL('../../../dist/main/lockkeeper.js', import.meta.url).pathname;

/** Bundles the keeper as the product is: it starts dozens of times. */
export async function bundleKeeper(): Promise<void> {
  const { build, ...config } = mainBundle({ outDir: BUNDLE });
  await bundle({ ...config, build: { ...build, ssr: SOURCE } });
}

/** A Lockkeeper that can be told at which step to die, and be started again on the same state. */
export interface Mortal {
  readonly state: string;
  readonly hostGate: string;
  readonly standing: string;
  /** The folder of the user's settings file. */
  readonly userFolder: string;
  /** Starts it; resolves when it is ready, or when it has died at the step. */
  start(deadly?: Step): Promise<void>;
  /** With `spoil`, no record can be written, so that a create is taken back. */
  arm(deadly: Step, spoil?: boolean): Promise<void>;
  fail(how: 'throw' | 'reject'): Promise<void>;
  settings(words: SettingsWords): void;
  /** What is wrong, as `lockkeeper status` tells it. */
  problems(): Promise<readonly string[]>;
  /** Resolves when it has died of its step; rejects when it does not within the deadline. */
  died(): Promise<void>;
  kill(): Promise<void>;
  remove(): Promise<void>;
}

export function mortalKeeper(lab: AttachedLab, words: SettingsWords): Mortal {
  mkdirSync(lab.work, { recursive: true });
  const folder = mkdtempSync(join(lab.work, 'mortal-'));
  const settingsFile = join(folder, 'admin-settings.json');
  const config = join(folder, 'config');
  const options: ServeOptions & { state: string; hostGate: string } = {
    engine: lab.engineUrl,
    state: join(folder, 's'),
    hostGate: join(folder, 'g', 'd.sock'),
    standingSockets: [join(folder, 't', 'd.sock')],
    settings: settingsFile,
  };
  const settings = (next: SettingsWords) => writeFileSync(settingsFile, settingsJson(next), { mode: 0o644 });
  settings(words);
  let child: ChildProcess | undefined;
  let complaints = '';

  const send = (message: object) =>
    new Promise<void>((resolve) => {
      child?.once('message', () => resolve());
      child?.send(message);
    });
  const died = async () => {
    const end = await within(30_000, ended(child), 'the keeper dies at its step');
    if (end !== 'SIGKILL') throw new Error(`it ended with ${end}: ${complaints}`);
  };
  return {
    state: options.state,
    hostGate: options.hostGate,
    standing: options.standingSockets[0] ?? '',
    userFolder: join(config, 'lockkeeper'),
    async start(deadly) {
      const args = [PROGRAM, JSON.stringify(options), ...(deadly === undefined ? [] : [deadly])];
      const docker = { DOCKER_CONFIG: join(lab.folder, 'client') };
      const env = { PATH: process.env.PATH ?? '', HOME: lab.work, XDG_CONFIG_HOME: config, ...docker };
      const started = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe', 'ipc'], env });
      child = started;
      started.stderr?.on('data', (text: Buffer) => {
        complaints += text.toString();
      });
      if (deadly !== undefined) return died();
      const ready = new Promise<void>((resolve, reject) => {
        started.once('message', () => resolve());
        started.once('exit', (code) => reject(new Error(`it ended with ${code} before it was ready: ${complaints}`)));
      });
      await within(30_000, ready, 'the keeper is ready');
    },
    arm: (deadly, spoil = false) => send({ deadly, spoil }),
    fail: (how) => send({ fail: how }),
    settings,
    async problems() {
      const { stdout } = await runCommand(process.execPath, [CLI, 'status', '--json', '--state', options.state], {});
      return (JSON.parse(stdout).problems as { text: string }[]).map(({ text }) => text);
    },
    died,
    async kill() {
      child?.kill('SIGKILL');
      await ended(child);
    },
    async remove() {
      child?.kill('SIGKILL');
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ended(child: ChildProcess | undefined): Promise<NodeJS.Signals | number | null> {
  return new Promise((resolve) => {
    if (child === undefined) return resolve(null);
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.signalCode ?? child.exitCode);
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
}

async function within<Result>(milliseconds: number, event: Promise<Result>, what: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${milliseconds} ms: ${what}`)), milliseconds);
  });
  try {
    return await Promise.race([event, late]);
  } finally {
    clearTimeout(timer);
  }
}
