import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { ClientOptions, WebSocket } from 'ws';
import { runCommand } from '../../lab/command.ts';
import type { AttachedLab } from '../../lab/lab.ts';
import { pageSocket, type Visitor, visitorBy } from '../../unit/main/dashboard/served.ts';

const PROGRAM = new URL('../../../dist/main/lockkeeper.js', import.meta.url).pathname;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The built program with its dashboard, without an engine: what is tested here does not need one. */
export interface ServedWindow {
  readonly state: string;
  /** The user's settings file, which is not there at first. */
  readonly userSettings: string;
  readonly port: number;
  /** The first link, and the line that says it. */
  readonly link: string;
  readonly line: string;
  cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** A request whose path goes out as it is written here. */
  ask(path: string, asked?: Asked): Promise<HttpAnswer>;
  /** A browser that came by a new link. */
  visit(): Promise<Visitor>;
  /** A WebSocket; without options as our own page opens it in this browser. */
  socket(visitor: Visitor, options?: ClientOptions): WebSocket;
  stop(): Promise<void>;
}

/** `settings` is a file for `--settings`. */
export async function serveWindow(lab: AttachedLab, settings?: string): Promise<ServedWindow> {
  mkdirSync(lab.work, { recursive: true });
  const folder = mkdtempSync(join(lab.work, 'window-'));
  const state = join(folder, 's');
  const userSettings = join(folder, '.config', 'lockkeeper', 'settings.json');
  const engine = ['--engine', `unix://${folder}/none.sock`, '--host-gate', join(folder, 'g', 'd.sock')];
  const named = settings === undefined ? [] : ['--settings', settings];
  const env = { PATH: process.env.PATH ?? '', HOME: folder };
  const args = [PROGRAM, 'serve', '--state', state, ...named, ...engine, '--dashboard', '0'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await secondLine(child);
  const link = line.match(/http:\S+$/)?.[0] ?? '';
  const port = Number(new URL(link).port);
  const cli = (...words: string[]) => runCommand(process.execPath, [PROGRAM, ...words, '--state', state], { env });
  const ask = (path: string, asked?: Asked) => answered(port, path, asked);
  const sockets = new Set<WebSocket>();
  return {
    state,
    userSettings,
    port,
    link,
    line,
    cli,
    ask,
    async visit() {
      const { search } = new URL((await cli('dashboard')).stdout.trim());
      return visitorBy((await ask(`/${search}`)).headers);
    },
    socket(visitor, options = {}) {
      const socket = pageSocket(port, visitor, options);
      sockets.add(socket.on('error', () => undefined));
      return socket;
    },
    async stop() {
      for (const socket of sockets) socket.terminate();
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The line after the one that says that Lockkeeper is ready. */
function secondLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
      if (lines.push(line) === 2) resolve(line);
    });
    child.once('exit', (code) => reject(new Error(`lockkeeper ended with ${code}: ${lines.join('\n')}`)));
  });
}

async function answered(port: number, path: string, { method = 'GET', headers = {} }: Asked = {}): Promise<HttpAnswer> {
  const asked = request({ host: '127.0.0.1', port, path, method, headers }).end();
  const [answer] = await once(asked, 'response');
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}
