import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, watch } from 'node:fs';

/** A long-running program of the lab: dockerd or a registry. */
export interface Daemon {
  /** Starts it, or does nothing when it runs; resolves when it has said that it listens. */
  start(): Promise<void>;
  /** Sends the signal and waits for the end; does nothing when it does not run. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  readonly running: boolean;
  /** Its process id, also after its end; undefined before the first start. */
  readonly pid: number | undefined;
}

export interface DaemonSettings {
  /** Program and arguments, run inside the network namespace. */
  readonly command: readonly [string, ...string[]];
  readonly netns: string;
  /** A process whose mount namespace it gets; default the tests' own. */
  readonly mountsOf?: number | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** What the log says once it listens. */
  readonly readyLine: RegExp;
  /** Milliseconds until a start counts as failed. */
  readonly timeoutMs: number;
}

/**
 * The program gets SIGTERM from the kernel when the test process dies in any way, kill -9 included (setpriv
 * --pdeathsig), and has a session of its own, so that ^C at a terminal reaches the tests and not the engine under them.
 */
export function daemon(settings: DaemonSettings): Daemon {
  let child: ChildProcess | undefined;
  const runs = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    get running() {
      return runs();
    },
    get pid() {
      return child?.pid;
    },
    async start() {
      if (runs()) return;
      rmSync(settings.logFile, { force: true });
      const log = openSync(settings.logFile, 'a');
      const [program, ...args] = settings.command;
      const mounts = settings.mountsOf === undefined ? [] : ['--target', `${settings.mountsOf}`, '--mount'];
      const network = `--net=/run/netns/${settings.netns}`;
      const inside = [network, ...mounts, 'setpriv', '--pdeathsig', 'TERM', program, ...args];
      child = spawn('nsenter', inside, { env: { ...settings.env }, detached: true, stdio: ['ignore', log, log] });
      closeSync(log);
      child.unref();
      await listening(child, settings);
    },
    async stop(signal = 'SIGTERM') {
      const ending = child;
      if (ending === undefined || !runs()) return;
      const ended = new Promise<void>((resolve) => ending.once('exit', () => resolve()));
      ending.ref();
      ending.kill(signal);
      await ended;
    },
  };
}

/** Waits for the ready line, woken by the kernel whenever the log grows. */
function listening(child: ChildProcess, settings: DaemonSettings): Promise<void> {
  const { logFile, readyLine, timeoutMs, command } = settings;
  return new Promise((resolve, reject) => {
    const watcher = watch(logFile, () => look());
    const finish = (problem?: string): void => {
      watcher.close();
      clearTimeout(timer);
      child.removeListener('exit', onExit);
      child.removeListener('error', onError);
      if (problem === undefined) resolve();
      else reject(new Error(`${command[0]} ${problem}\n${tail(logFile)}`));
    };
    const onExit = (code: number | null): void => finish(`ended with ${code} before it listened`);
    const onError = (error: Error): void => finish(`could not be started: ${error.message}`);
    const look = (): void => {
      if (saysSo()) finish();
    };
    // The lab may be gone already, because something else of it could not be started.
    const saysSo = (): boolean => existsSync(logFile) && readyLine.test(readFileSync(logFile, 'utf8'));
    // Where this process was busy, the timer may come before the news that the log has grown.
    const timer = setTimeout(() => finish(saysSo() ? undefined : `did not listen within ${timeoutMs} ms`), timeoutMs);
    child.once('exit', onExit);
    child.once('error', onError);
    look();
  });
}

function tail(file: string): string {
  if (!existsSync(file)) return '(no log)';
  return readFileSync(file, 'utf8').split('\n').slice(-20).join('\n');
}
