import { get } from 'node:http';
import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

/** Without TLS the engine's usual port; CVE-2025-9074 was an engine that every container could reach this way. */
const PORT = 2375;
const TIMEOUT_MS = 2_000;

export async function checkEngineOnTcp({ endpoint }: Machine) {
  const host = endpoint.kind === 'tcp' ? endpoint.host : '127.0.0.1';
  return (await answersAsEngine(host))
    ? finding('engine-on-tcp', 'fail', 'open')
    : finding('engine-on-tcp', 'pass', 'closed');
}

/** The engine names itself in every answer (moby: `Api-Version`, `Server: Docker/…`). */
function answersAsEngine(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const question = get({ host, port: PORT, path: '/_ping', timeout: TIMEOUT_MS, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.headers['api-version'] !== undefined);
    });
    question.on('timeout', () => question.destroy());
    question.on('error', () => resolve(false));
  });
}
