import { spawn } from 'node:child_process';
import type { Server } from 'node:net';

/** A socket belongs to the network that it was made in, whoever holds it: so a helper makes it there and hands it on. */
const HELPER = `
const server = require('node:net').createServer();
server.once('error', (error) => { throw error; });
const [host, port] = process.argv.slice(1);
server.listen({ host, port: Number(port) }, () => process.send('listening', server, () => process.exit()));
`;

/** Listens at an address of the lab's network, in this process. */
export function listenInside(netns: string, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const command = [`--net=/run/netns/${netns}`, process.execPath, '-e', HELPER, '--', host, `${port}`];
    const child = spawn('nsenter', command, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.once('error', reject);
    child.once('message', (_said, server) => resolve(server as Server));
    child.once('exit', (code) =>
      reject(new Error(`nothing listens at ${host}:${port}: the helper ended with ${code}`)),
    );
  });
}
