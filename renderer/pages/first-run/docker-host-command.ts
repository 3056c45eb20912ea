import { socketUrl } from '../../../shared/engine-api/socket-url.ts';

/** Leads docker clients to a host gate, in the shell that the gate's system has. */
export function dockerHostCommand(gate: string): string {
  const url = socketUrl(gate);
  return url.startsWith('npipe:') ? `$Env:DOCKER_HOST = '${url}'` : `export DOCKER_HOST=${url}`;
}
