import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

export async function checkEngine({ engine, endpoint }: Machine) {
  const { reachable, version = '', detail = '' } = engine();
  return reachable
    ? finding('engine', 'pass', 'reachable', { endpoint: endpoint.url, version })
    : finding('engine', 'fail', 'unreachable', { endpoint: endpoint.url, problem: detail });
}
