import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from '../build-attack/requests.ts';
import type { Run } from './run.ts';

export const SECRET = 'the secret of the host';

/** Not privileged, since not every machine that the suite runs on can start such a container. */
export const STRONG = { PidMode: 'host', IpcMode: 'shareable', SecurityOpt: ['seccomp=unconfined'] };

/**
 * A container that somebody else has and that holds more than the attacker may have: STRONG, and a folder of the host's.
 * Its shell carries out what it reads. Kept as `strong`, by its ID.
 */
export async function strong(run: Run, { started = true, hostConfig = {} as object } = {}): Promise<void> {
  writeFileSync(join(run.outside, 'secret'), SECRET);
  const body = {
    Cmd: ['/bin/busybox', 'sh'],
    OpenStdin: true,
    AttachStdin: true,
    HostConfig: { ...STRONG, Binds: [`${run.outside}:/outside`], ...hostConfig },
  };
  const { path, json } = create(run, body, { ending: '-strong' });
  const { text } = await run.engine.have('POST', path, json);
  run.kept.set('strong', (JSON.parse(text) as { Id: string }).Id);
  if (started) await run.engine.have('POST', `/containers/${run.name}-strong/start`);
}

/** Where something done in the strong container shows on the host. */
export function marker(run: Run): string {
  return join(run.outside, 'marker');
}
