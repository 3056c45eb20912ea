import { homedir } from 'node:os';
import { join } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import type { SetUpCheck } from '../../../shared/ipc/set-up.ts';
import { rawHolders } from '../../holders/raw-holders.ts';
import { checkSetUp } from '../../set-up/check.ts';
import { dockerCommand } from '../../set-up/docker-command.ts';
import { type AloneOptions, lookAlone } from '../alone.ts';

/** Checks what needs no running Lockkeeper. `notRunning` says why none is asked. */
export async function doctorAlone(
  options: AloneOptions,
  notRunning: string,
): Promise<readonly SetUpCheck[] | { readonly problem: string }> {
  const alone = await lookAlone(options);
  if ('problem' in alone) return alone;
  const { endpoint, engine, policy, facts, hostGate, settings, socketsFolder } = alone;
  const { env, platform } = process;
  const looksFolder = join(options.stateFolder, 'looks');
  const raw = rawHolders({ engine: facts.engine, inspect: facts.holderOf, looksFolder, socketsFolder });
  return checkSetUp({
    env,
    home: homedir(),
    platform,
    docker: dockerCommand(env),
    gate: hostGate,
    endpoint,
    version: packageJson.version,
    notRunning,
    engine: () =>
      engine.ok ? { reachable: true, version: engine.info.version } : { reachable: false, detail: engine.why },
    policy: () => policy,
    userFile: settings.userFile,
    rawHolders: async () => {
      if (!engine.ok) throw new Error(engine.why);
      return (await raw.look()).raw;
    },
    beyondLimits: undefined,
    unknownImage: undefined,
  }).finally(alone.close);
}
