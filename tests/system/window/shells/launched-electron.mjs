#!/usr/bin/env node
// Stands in for Electron's binary where a launcher takes it off the network. Electron offers its two debugging
// connections on the loopback that it has there; they are led out through unix sockets, so that Playwright reaches them.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { relay } from './relay.mjs';

const {
  LOCKKEEPER_ELECTRON_LAUNCHER: launcher = '',
  ELECTRON_BINARY: binary = '',
  RELAY_FOLDER: folder = '',
  ELECTRON_ENV: more = '{}',
} = process.env;
const inside = fileURLToPath(new URL('electron-inside.mjs', import.meta.url));
const args = [process.execPath, inside, more, folder, binary, ...process.argv.slice(2)];
const child = spawn(launcher, args, { stdio: ['ignore', 'inherit', 'pipe'] });
child.once('exit', (code) => process.exit(code ?? 1));
for await (const line of createInterface({ input: child.stderr })) {
  const [, port] = /listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line) ?? [];
  if (port === undefined) process.stderr.write(`${line}\n`);
  else {
    const outside = await relay({ host: '127.0.0.1', port: 0 }, { path: join(folder, `${port}.sock`) });
    process.stderr.write(`${line.replace(`:${port}/`, `:${outside.port}/`)}\n`);
  }
}
