import type { RawHolder } from '../../shared/ipc/containers.ts';
import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

/** Containers that hold the engine's own socket. One that is stopped cannot use it, and does not start through us. */
export async function checkRawSockets({ rawHolders }: Machine) {
  try {
    const holders = await rawHolders();
    const certain = holders.filter(({ doubt }) => doubt === undefined);
    const running = certain.filter(({ isRunning }) => isRunning);
    if (running.length > 0)
      return finding('raw-sockets', 'fail', 'running', { names: namesOf(running) }, removal(running));
    if (certain.length > 0)
      return finding('raw-sockets', 'warn', 'stopped', { names: namesOf(certain) }, removal(certain));
    if (holders.length > 0) return finding('raw-sockets', 'warn', 'doubtful', { names: namesOf(holders) });
    return finding('raw-sockets', 'pass', 'none');
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return finding('raw-sockets', 'unknown', 'unknown', { problem });
  }
}

function removal(holders: readonly RawHolder[]): { readonly command: string } {
  return { command: `docker rm -f ${holders.map(({ name }) => name).join(' ')}` };
}

function namesOf(holders: readonly RawHolder[]): string {
  return holders.map(({ name, image }) => `${name} (${image})`).join(', ');
}
