import { get } from 'node:http';
import { networkInterfaces } from 'node:os';
import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

/** Without TLS the engine's usual port; CVE-2025-9074 was an engine that every container could reach this way. */
const PORT = 2375;
const TIMEOUT_MS = 2_000;

/** Whether containers could command the engine over the network, past any socket. */
export async function checkEngineOnTcp({ endpoint }: Machine) {
  if (endpoint.kind === 'tcp') {
    return finding('engine-on-tcp', 'fail', 'open', { address: hostAndPort(endpoint.host, endpoint.port) });
  }
  const answers = await Promise.all(ownAddresses().map(async (host) => ((await answersAsEngine(host)) ? [host] : [])));
  const [open] = answers.flat();
  if (open === undefined) return finding('engine-on-tcp', 'pass', 'closed');
  return finding('engine-on-tcp', 'fail', 'open', { address: hostAndPort(open, PORT) });
}

/** An engine may listen on one of them only. Link-local addresses want a scope that differs from system to system. */
function ownAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const usable = all.filter(({ address }) => !address.startsWith('fe80:')).map(({ address }) => address);
  return [...new Set(['127.0.0.1', ...usable])];
}

function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The engine names itself in every answer (moby: `Api-Version`). */
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
