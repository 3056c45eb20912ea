import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectControl } from '../../main/control/client.ts';
import type { RequestInput, RequestName, RequestOutput } from '../../shared/ipc/contract.ts';
import { runCommand } from '../lab/command.ts';
import type { AttachedLab } from '../lab/lab.ts';

const BUILT = new URL('../../dist/main/lockkeeper.js', import.meta.url).pathname;

/** A policy in the words of the settings file. */
export interface SettingsWords {
  /** True unless said otherwise. */
  readonly locked?: boolean;
  readonly images?: readonly string[];
  readonly allowDerivedImages?: boolean;
  readonly type?: 'deny' | 'allow';
  readonly commands?: readonly string[];
  readonly value?: boolean;
  readonly lockkeeper?: object;
}

export function settingsJson({
  images = [],
  allowDerivedImages = false,
  type = 'deny',
  commands = [],
  ...more
}: SettingsWords): string {
  const dockerSocketMount = { imageList: { images, allowDerivedImages }, commandList: { type, commands } };
  return JSON.stringify({
    configurationFileVersion: 2,
    enhancedContainerIsolation: { locked: more.locked ?? true, value: more.value ?? true, dockerSocketMount },
    ...(more.lockkeeper && { lockkeeper: more.lockkeeper }),
  });
}

/** A Lockkeeper process in front of a lab's engine, as a user starts it. */
export interface Running {
  readonly hostGate: string;
  /** DOCKER_HOST that leads through it. */
  readonly url: string;
  readonly standing: string;
  readonly state: string;
  readonly pid: number;
  /** What it said when it was ready. */
  readyLine(): string;
  /** Everything that it wrote to standard error so far. */
  complaints(): string;
  /** Replaces the settings and waits until the enforcer holds the new policy. */
  apply(settings: SettingsWords | string): Promise<void>;
  cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Its status, as `lockkeeper status --json` has it; asked without the start of another process. */
  status(): Promise<RequestOutput<'status'>>;
  /** The newest events that it holds, oldest first. */
  events(): Promise<readonly Record<string, unknown>[]>;
  kill(signal: NodeJS.Signals): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the built program and resolves when it says that it is ready. */
export async function startLockkeeper(
  lab: AttachedLab,
  settings: SettingsWords | string = {},
  program = BUILT,
): Promise<Running> {
  mkdirSync(lab.work, { recursive: true });
  const folder = mkdtempSync(join(lab.work, 'lk-'));
  const paths = {
    state: join(folder, 'home', 's'),
    hostGate: join(folder, 'g', 'docker.sock'),
    standing: join(folder, 't', 'ci.sock'),
    settings: join(folder, 'admin-settings.json'),
  };
  write(paths.settings, settings);
  let complaints = '';
  let readyLine = '';
  let child: ChildProcess;
  const cli = (...args: string[]) =>
    runCommand(process.execPath, [program, ...args, '--state', paths.state], { env: environment(lab) });

  const start = async () => {
    const options = ['--engine', lab.engineUrl, '--state', paths.state, '--settings', paths.settings];
    const sockets = ['--host-gate', paths.hostGate, '--standing-socket', paths.standing];
    const [file, ...args] = lab.inside(mortal([process.execPath, program, 'serve', ...options, ...sockets]));
    child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment(lab) });
    child.stderr?.on('data', (text: Buffer) => {
      complaints += text.toString();
    });
    readyLine = await ready(child, () => complaints);
  };
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exited;
  };
  await start();
  const status = () => askRunning(paths.state, 'status', {});
  return {
    hostGate: paths.hostGate,
    url: `unix://${paths.hostGate}`,
    standing: `unix://${paths.standing}`,
    state: paths.state,
    get pid() {
      return child.pid ?? 0;
    },
    readyLine: () => readyLine,
    complaints: () => complaints,
    cli,
    status,
    async apply(next) {
      const before = (await status()).policy.generation;
      write(paths.settings, next);
      await eventually(async () => (await status()).policy.generation > before, 'the new policy is in force');
    },
    events: async () => (await askRunning(paths.state, 'recentEvents', { limit: 100 })).events,
    kill,
    async restart() {
      await kill('SIGKILL');
      await start();
    },
    async stop() {
      await kill('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Asks the Lockkeeper of a state folder over its control socket. */
export async function askRunning<Name extends RequestName>(
  state: string,
  name: Name,
  input: RequestInput<Name>,
): Promise<RequestOutput<Name>> {
  const connected = await connectControl({ path: join(state, 'control.sock') });
  if (!connected.ok) throw new Error(connected.error.message);
  const answer = await connected.value.request(name, input);
  connected.value.close();
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}

/**
 * The command so that it ends with the process that starts it, however that ends: a Lockkeeper that stays behind makes
 * its state folder anew while the next lab sweeps it up. The process number stays the same.
 */
export function mortal(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return ['setpriv', '--pdeathsig', 'KILL', ...command];
}

/** Written as editors do it: a new file takes the old one's place. */
function write(path: string, settings: SettingsWords | string): void {
  const text = typeof settings === 'string' ? settings : settingsJson(settings);
  writeFileSync(path, text, { mode: 0o644 });
}

function environment(lab: AttachedLab): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: lab.work, DOCKER_CONFIG: join(lab.folder, 'client') };
}

function ready(child: ChildProcess, complaints: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    lines.once('line', (line) => {
      if (line.startsWith('lockkeeper: ready ')) resolve(line);
      else reject(new Error(`lockkeeper said: ${line}`));
    });
    child.once('exit', (code) => reject(new Error(`lockkeeper ended with ${code}: ${complaints()}`)));
  });
}

/** Asks again until it is so; the deadline is generous, since only a failure ever waits for it. */
export async function eventually(isSo: () => Promise<boolean>, what: string, deadlineMs = 45_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
