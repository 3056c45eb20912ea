import { join } from 'node:path';
import { SYSTEM_PATH } from './command.ts';
import { type Daemon, daemon } from './daemon.ts';

/**
 * A process that does nothing but hold a mount namespace whose /run is empty and private: there an engine can have
 * the usual /var/run/docker.sock, while the machine's own /run stays as it is. `etc` is a folder whose `docker` and
 * `hosts` are in the place of those of /etc: an engine looks for the CAs of registries in /etc/docker and nowhere else.
 */
export function mountNamespace(netns: string, folder: string, etc: string | undefined): Daemon {
  const own = etc === undefined ? [] : ['docker', 'hosts'].map((name) => `mount --bind ${etc}/${name} /etc/${name}`);
  const script = ['mount -t tmpfs -o mode=755 lab /run', ...own, 'echo ready', 'exec sleep infinity'].join(' && ');
  return daemon({
    command: ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script],
    netns,
    env: SYSTEM_PATH,
    logFile: join(folder, 'mounts.log'),
    readyLine: /^ready$/m,
    timeoutMs: 10_000,
  });
}
