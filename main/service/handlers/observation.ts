import type { Observation } from '../../observation/observation.ts';
import type { HandlersFor } from './handlers-for.ts';

/** Observing for a while. Who follows the status, or the policy, sees that it begins and ends. */
export function observationHandlers(observation: Observation): HandlersFor<'observe' | 'enforce'> {
  return {
    requests: {
      observe: ({ minutes }) => observation.begin(minutes),
      enforce: () => observation.end(),
    },
    pushes: {},
  };
}
