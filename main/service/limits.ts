import type { Gate } from '../gate/gate.ts';
import { type PlaceLimits, placesForFiles } from '../gate/places.ts';
import type { PolicySource } from '../settings/settings.ts';
import { valuesNow } from './values-now.ts';

const MEBIBYTE = 2 ** 20;

/** `lockkeeper.limits` as the policy has it at each moment, within what the files of the process allow. */
export interface Limits extends Pick<Gate, 'inspectedBodyBytes'> {
  readonly places: () => PlaceLimits;
}

export function limitsNow(policy: Pick<PolicySource, 'state'>): Limits {
  const value = valuesNow(policy.state);
  const inAll = placesForFiles();
  return {
    places: () => ({
      ofSocket: value('lockkeeper.limits.connectionsPerSocket'),
      inAll,
      heldBytes: value('lockkeeper.limits.heldMegabytes') * MEBIBYTE,
    }),
    inspectedBodyBytes: () => value('lockkeeper.limits.inspectedBodyMegabytes') * MEBIBYTE,
  };
}
