// Within the launcher's reach: starts Electron with what it is to have in its environment, and offers its debugging
// connections at unix sockets in a folder.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { relay } from './relay.mjs';

const [more, folder, binary, ...args] = process.argv.slice(2);
const child = spawn(binary, args, {
  env: { ...process.env, ...JSON.parse(more) },
  stdio: ['ignore', 'inherit', 'pipe'],
});
child.once('exit', (code) => process.exit(code ?? 1));
for await (const line of createInterface({ input: child.stderr })) {
  const [, port] = /listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line) ?? [];
  if (port !== undefined)
    await relay({ path: join(folder, `${port}.sock`) }, { host: '127.0.0.1', port: Number(port) });
  process.stderr.write(`${line}\n`);
}
