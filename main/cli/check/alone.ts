import type { CheckInput, CheckOutput } from '../../../shared/ipc/check.ts';
import { check } from '../../enforcement/check.ts';
import { findListener } from '../../enforcement/way-in.ts';
import { type AloneOptions, lookAlone } from '../alone.ts';

export type AloneResult =
  | { readonly ok: true; readonly output: CheckOutput }
  | { readonly ok: false; readonly message: string };

/** Checks without a running Lockkeeper: the settings files and the engine say what would become of the command. */
export async function checkAlone(input: CheckInput, options: AloneOptions): Promise<AloneResult> {
  const alone = await lookAlone(options);
  if ('problem' in alone) return { ok: false, message: alone.problem };
  const { facts, holders, policy, hostGate, socketsFolder } = alone;
  const ways = { hostGate, standingSockets: undefined, socketsFolder, holders: () => holders, engine: facts.engine };
  try {
    const output = await check({ policy: () => policy, facts, listenerFor: (from) => findListener(ways, from) }, input);
    return { ok: true, output };
  } finally {
    alone.close();
  }
}
