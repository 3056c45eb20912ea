import { type Decision, type DecisionInput, need, pass } from './decision.ts';
import type { BodyFact, ForeignMountFact } from './facts.ts';
import { type MountRefusal, refuseBody, refuseMount } from './refuse.ts';

/** Services are started by the swarm, not by a request that we see, so they can be given no socket at all. */
export function decideService(input: DecisionInput): Decision {
  const mounts = input.facts.serviceMounts;
  if (mounts === undefined) return need('serviceMounts');
  return decideForeign(input, mounts, (mount) => ({
    reason: 'service',
    cause: 'services cannot have the Docker socket',
    addition: `the service mounts ${mount.source}; run it as a container instead`,
  }));
}

/** Plugins run with the rights of the engine. */
export function decidePlugin(input: DecisionInput): Decision {
  const mounts = input.facts.pluginMounts;
  if (mounts === undefined) return need('pluginMounts');
  return decideForeign(input, mounts, (mount) => ({
    reason: 'plugin',
    cause: 'plugins cannot have the Docker socket',
    addition: `the plugin mounts ${mount.source}`,
  }));
}

function decideForeign(
  input: DecisionInput,
  mounts: BodyFact<readonly ForeignMountFact[]>,
  refusal: (mount: ForeignMountFact) => MountRefusal,
): Decision {
  if (mounts.kind === 'refused') return refuseBody(mounts.status, mounts.problem);
  const found = mounts.value.find(({ fact }) => fact.kind !== 'ordinary');
  if (found === undefined) return pass;
  return refuseMount(input, input.operation.params.name ?? input.operation.params.id ?? '', refusal(found));
}
