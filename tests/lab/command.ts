import { type ChildProcess, spawn } from 'node:child_process';

/** Where Debian has its programs: nothing is taken from the PATH that the tests happen to run with. */
export const SYSTEM_PATH = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } as const;

/** What a finished command left behind; `code` is 128 + signal number's stand-in (137) when a signal ended it. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** Milliseconds, default 60 000; a command that takes longer is killed and the promise rejects. */
  readonly timeoutMs?: number;
  /** The time limit begins anew with each piece of output: for commands of many steps that all say when they are done. */
  readonly whileSilent?: boolean;
}

/** Runs a command to its end. A non-zero exit code is a result, a missing program or a time-out is an error. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { env = {}, stdin = '', timeoutMs = 60_000, whileSilent = false } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env: { ...env }, stdio: 'pipe' });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    if (whileSilent) child.stdout.on('data', () => timer.refresh());
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      const result = { code: code ?? 137, stdout: stdout(), stderr: stderr() };
      if (timedOut)
        reject(
          new Error(
            `${describe(file, args)} ${whileSilent ? 'was silent for' : 'took over'} ${timeoutMs} ms\n${textOf(result)}`,
          ),
        );
      else resolve(result);
    });
    // A command may end without reading its input: the pipe then breaks, which is the command's own business.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
  });
}

/** As runCommand, but anything other than exit code 0 is an error that shows what was printed. */
export async function runOrThrow(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await runCommand(file, args, options);
  if (result.code !== 0) throw new Error(`${describe(file, args)} ended with ${result.code}\n${textOf(result)}`);
  return result;
}

/** Starts a command that stays, with no input and its output in pipes; the caller ends it. */
export function startCommand(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(file, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

function describe(file: string, args: readonly string[]): string {
  return [file, ...args].join(' ');
}

function textOf(result: CommandResult): string {
  return `${result.stdout}${result.stderr}`.trim();
}
