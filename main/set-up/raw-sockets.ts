import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

export async function checkRawSockets({ rawHolders }: Machine) {
  try {
    const names = await rawHolders();
    if (names.length === 0) return finding('raw-sockets', 'pass', 'none');
    return finding(
      'raw-sockets',
      'fail',
      'some',
      { names: names.join(', ') },
      { command: `docker rm -f ${names.join(' ')}` },
    );
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return finding('raw-sockets', 'unknown', 'unknown', { problem });
  }
}
