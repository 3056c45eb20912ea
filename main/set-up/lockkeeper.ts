import { socketUrl } from '../../shared/engine-api/socket-url.ts';
import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

export async function checkLockkeeper({ notRunning, version, gate }: Machine) {
  if (notRunning === undefined) return finding('lockkeeper', 'pass', 'running', { version, gate: socketUrl(gate) });
  return finding('lockkeeper', 'fail', 'not-running', { problem: notRunning }, { command: 'lockkeeper serve' });
}
