/** Leads docker clients to a host gate, in the shell that the gate's system has. */
export function dockerHostCommand(gate: string): string {
  if (gate.startsWith('\\\\')) return `$Env:DOCKER_HOST = 'npipe://${gate.replaceAll('\\', '/')}'`;
  return `export DOCKER_HOST=unix://${gate}`;
}
