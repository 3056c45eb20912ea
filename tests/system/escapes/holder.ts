import { join } from 'node:path';
import type { AttachedLab } from '../../lab/lab.ts';
import type { Running } from '../running.ts';

const SOCKET = '/var/run/docker.sock';

/** Starts a container of docker:cli that asks for the socket and stays; resolves to the host's path of the one it got. */
export async function startHolder(lab: AttachedLab, keeper: Running, name: string, ...args: string[]): Promise<string> {
  const run = ['run', '-d', '--name', name, '--label', 'test=escapes', '-v', `${SOCKET}:${SOCKET}`, ...args];
  await lab.dockerOutput([...run, 'docker:cli', 'sleep', '600'], { host: keeper.url });
  const sources = await lab.dockerOutput(['inspect', '-f', '{{range .Mounts}}{{.Source}}\n{{end}}', name]);
  const folder = sources.split('\n').find((source) => source.startsWith(keeper.state));
  if (folder === undefined) throw new Error(`${name} got no filtered socket: ${sources}`);
  return join(folder, 'docker.sock');
}

export async function removeHolders(lab: AttachedLab): Promise<void> {
  const ids = await lab.dockerOutput(['ps', '-aq', '--filter', 'label=test=escapes']);
  if (ids !== '') await lab.dockerOutput(['rm', '-f', '-v', ...ids.split(/\s+/)]);
}
