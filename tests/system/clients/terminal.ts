import { spawn } from 'node:child_process';
import { runOrThrow, SYSTEM_PATH } from '../../lab/command.ts';

/** A program that is watched and typed to while it runs. */
export interface Session {
  /** Waits until the program has printed this, after what was waited for before; an error when it ends without. */
  see(pattern: RegExp): Promise<RegExpExecArray>;
  type(text: string): void;
  /** Ends its standard input. */
  endInput(): void;
  signal(name: NodeJS.Signals): void;
  /** Everything printed (standard error too) and the exit code, once it has ended. */
  readonly ended: Promise<{ readonly code: number; readonly printed: string }>;
}

export interface TerminalSession extends Session {
  /** What a user does who drags the window's corner. */
  resize(rows: number, columns: number): Promise<void>;
}

/** Starts a program with pipes for its streams. */
export function startSession(
  [file, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Session {
  const child = spawn(file, args, { env: { ...env }, stdio: 'pipe' });
  let printed = '';
  let seen = 0;
  let over = false;
  let check = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      check();
    });
  }
  // The program may end while it is typed to.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<{ code: number; printed: string }>((resolve) => {
    child.once('close', (code, signal) => {
      over = true;
      check();
      resolve({ code: signal === null ? (code ?? 0) : 128, printed });
    });
  });
  return {
    ended,
    see: (pattern) =>
      new Promise((resolve, reject) => {
        check = () => {
          const found = pattern.exec(printed.slice(seen));
          if (found !== null) {
            seen += found.index + found[0].length;
            check = () => {};
            resolve(found);
          } else if (over) reject(new Error(`it ended without ${pattern}: ${printed}`));
        };
        check();
      }),
    type: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    signal: (name) => void child.kill(name),
  };
}

/** Starts a shell command on a terminal of its own, of 24 rows and 80 columns. */
export async function startTerminal(command: string, env: Readonly<Record<string, string>>): Promise<TerminalSession> {
  const prepared = `tty; stty rows 24 cols 80; exec ${command}`;
  const session = startSession(['script', '-qefc', prepared, '/dev/null'], { ...env, SHELL: '/bin/sh', TERM: 'xterm' });
  const [, device = ''] = await session.see(/(\/dev\/pts\/\d+)\r\n/);
  const resize = async (rows: number, columns: number) => {
    await runOrThrow('stty', ['-F', device, 'rows', `${rows}`, 'cols', `${columns}`], { env: SYSTEM_PATH });
  };
  return { ...session, resize };
}
