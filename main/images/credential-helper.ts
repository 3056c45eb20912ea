import { type ChildProcess, spawn } from 'node:child_process';

/** What a credential helper has for a server, or why it has nothing. */
export type HelperAnswer =
  | { readonly kind: 'found'; readonly username: string; readonly secret: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly why: string };

export interface HelperOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until the helper is ended: one may wait for somebody to unlock a keychain. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 8000;
/** A user name and a token are a few kilobytes at most. */
const MOST_OUTPUT = 64 * 1024;
/** The words of docker-credential-helpers for "there is none", printed with exit code 1. */
const NOT_FOUND = /credentials not found/i;

/**
 * Asks `docker-credential-NAME get` for the credentials of one server (protocol of docker-credential-helpers). The
 * name becomes part of a program's name, so only plain words are taken; no shell sees any of it.
 */
export async function askHelper(name: string, server: string, options: HelperOptions): Promise<HelperAnswer> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    return { kind: 'failed', why: `${JSON.stringify(name.slice(0, 64))} is not a name of a credential helper` };
  }
  const program = `docker-credential-${name}`;
  const run = await runHelper(program, server, options);
  if (!run.ok) return { kind: 'failed', why: `${program} ${run.why}` };
  if (run.code !== 0) {
    if (NOT_FOUND.test(run.output)) return { kind: 'none' };
    // The output is not told: it may hold a secret that came before the failure.
    return { kind: 'failed', why: `${program} failed with exit code ${run.code}` };
  }
  return readAnswer(program, run.output);
}

type HelperRun =
  | { readonly ok: true; readonly code: number; readonly output: string }
  | { readonly ok: false; readonly why: string };

function runHelper(program: string, server: string, options: HelperOptions): Promise<HelperRun> {
  const { env, timeoutMs = TIMEOUT_MS } = options;
  return new Promise((resolve) => {
    const child = spawn(program, ['get'], {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      shell: false,
      windowsHide: true,
      // Its own process group, so that what it starts (gpg, pinentry) ends with it.
      detached: process.platform !== 'win32',
    });
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (run: HelperRun) => {
      clearTimeout(timer);
      endGroup(child);
      child.stdout.destroy();
      resolve(run);
    };
    const timer = setTimeout(() => end({ ok: false, why: `gave no answer within ${timeoutMs / 1000} s` }), timeoutMs);
    child.on('error', (error: NodeJS.ErrnoException) => {
      end({ ok: false, why: error.code === 'ENOENT' ? 'is not in PATH' : `cannot be run (${error.message})` });
    });
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MOST_OUTPUT) end({ ok: false, why: `printed more than ${MOST_OUTPUT} bytes` });
    });
    child.on('close', (code, signal) => {
      if (code === null) end({ ok: false, why: `was ended by ${signal}` });
      else end({ ok: true, code, output: Buffer.concat(chunks).toString('utf8') });
    });
    // A helper that does not read its input is no reason to fail.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${server}\n`);
  });
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

function readAnswer(program: string, output: string): HelperAnswer {
  try {
    const { Username, Secret } = JSON.parse(output) as { Username?: unknown; Secret?: unknown };
    if (typeof Username === 'string' && typeof Secret === 'string') {
      return Secret === '' ? { kind: 'none' } : { kind: 'found', username: Username, secret: Secret };
    }
  } catch {
    // Said below, without the output: it may hold a secret.
  }
  return { kind: 'failed', why: `${program} did not print {"Username": …, "Secret": …}` };
}
