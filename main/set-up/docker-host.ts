import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

/** DOCKER_HOST beats every context. What other terminals have is not known; ours is what the session started us with. */
export async function checkDockerHost({ env, gateUrl }: Machine) {
  const value = env.DOCKER_HOST;
  if (value === undefined || value === '') return finding('docker-host', 'pass', 'unset');
  if (value === gateUrl) return finding('docker-host', 'pass', 'ours');
  return finding('docker-host', 'fail', 'other', { value }, { command: 'unset DOCKER_HOST' });
}
