import { join } from 'node:path';
import { SYSTEM_PATH } from './command.ts';
import { type Daemon, daemon } from './daemon.ts';

/**
 * A process that does nothing but hold a mount namespace whose /run is empty and private: there an engine can have
 * the usual /var/run/docker.sock, while the machine's own /run stays as it is.
 */
export function mountNamespace(netns: string, folder: string): Daemon {
  const script = 'mount -t tmpfs -o mode=755 lab /run && echo ready && exec sleep infinity';
  return daemon({
    command: ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script],
    netns,
    env: SYSTEM_PATH,
    logFile: join(folder, 'mounts.log'),
    readyLine: /^ready$/m,
    timeoutMs: 10_000,
  });
}
