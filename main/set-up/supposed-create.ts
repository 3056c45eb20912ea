import type { ImageFact } from '../../shared/decision/facts.ts';
import { type DryRunDeps, dryRun } from '../enforcement/dry-run.ts';
import type { Decided } from '../enforcement/enforce.ts';
import type { EngineEndpoint } from '../engine/endpoint.ts';

const SOCKET_IN_CONTAINER = '/var/run/docker.sock';

/** A create body that asks for the engine's socket. */
export function createBody(image: string, endpoint: EngineEndpoint): string {
  const source = endpoint.kind === 'socket' ? endpoint.path : SOCKET_IN_CONTAINER;
  return JSON.stringify({
    Image: image,
    HostConfig: { Mounts: [{ Type: 'bind', Source: source, Target: SOCKET_IN_CONTAINER }] },
  });
}

/** What would become of it when it came from the host, by the enforcer's own decision; nothing is sent. */
export async function decideCreate(
  deps: DryRunDeps,
  endpoint: EngineEndpoint,
  image: string,
  known?: ImageFact,
): Promise<Decided> {
  const request = { method: 'POST', target: '/containers/create', body: createBody(image, endpoint) };
  const { decision } = await dryRun(deps, request, { kind: 'host-gate' }, known === undefined ? {} : { image: known });
  return decision;
}

/** An image that no registry has: `.invalid` is nobody's name (RFC 2606). */
const UNKNOWN = 'image.invalid/that-nobody-has:latest';

/** The same for an image that is there, and that no entry can mean. */
export function decideUnknownImage(deps: DryRunDeps, endpoint: EngineEndpoint): Promise<Decided> {
  const known: ImageFact = { kind: 'present', name: UNKNOWN, id: 'sha256:unknown', digests: [], proofs: [] };
  return decideCreate(deps, endpoint, UNKNOWN, known);
}
