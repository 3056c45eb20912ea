import { socketUrl } from '../../shared/engine-api/socket-url.ts';
import { inspectContext } from './docker-context.ts';
import { finding } from './finding.ts';
import { leadsTo } from './leads-to.ts';
import type { Terminal } from './terminal.ts';

/**
 * DOCKER_HOST beats DOCKER_CONTEXT, which beats the selected context (docker/cli resolveContextName). What other
 * terminals have is not known; this is what whoever asks was started with.
 */
export async function checkDockerHost({ env, gate, docker }: Terminal) {
  const { DOCKER_HOST: host = '', DOCKER_CONTEXT: context = '' } = env;
  if (host !== '') {
    if (await leadsTo(host, gate)) return finding('docker-host', 'pass', 'ours', { gate: socketUrl(gate) });
    return finding('docker-host', 'fail', 'other', { value: host }, { command: 'unset DOCKER_HOST' });
  }
  if (context === '') return finding('docker-host', 'pass', 'unset');
  const found = await inspectContext(docker, context);
  if (found.ok && (await leadsTo(found.endpoint, gate)))
    return finding('docker-host', 'pass', 'context-ours', { context });
  const endpoint = found.ok ? found.endpoint : found.problem;
  return finding('docker-host', 'fail', 'context', { context, endpoint }, { command: 'unset DOCKER_CONTEXT' });
}
