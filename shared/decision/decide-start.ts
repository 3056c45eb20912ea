import { type Decision, type DecisionInput, need, pass } from './decision.ts';
import type { ContainerFact } from './facts.ts';
import { judgeImage } from './judge-image.ts';
import { refuseBody, refuseMount } from './refuse.ts';

/**
 * `start` and `restart`: the policy may have changed since the container was created, and it may have been created
 * around Lockkeeper. A container that would come up with the engine's own socket does not start.
 */
export function decideStart(input: DecisionInput): Decision {
  const { startBody, container } = input.facts;
  if (startBody === undefined) return need('startBody');
  if (startBody.kind === 'refused') return refuseBody(startBody.status, startBody.problem);
  // Engines up to 24 honour a HostConfig here for API versions before 1.24 (moby postContainersStart).
  if (startBody.value === 'host-config') {
    return refuseBody(400, 'a HostConfig in the body of start is not let through; give it to create');
  }
  if (container === undefined) return need('container');
  return container.kind === 'absent' ? pass : decideHolder(input, container);
}

function decideHolder(input: DecisionInput, container: Extract<ContainerFact, { kind: 'present' }>): Decision {
  const { holds } = container;
  switch (holds.kind) {
    case 'nothing':
      return pass;
    case 'filtered-socket':
      return decideFiltered(input);
    case 'raw':
      return refuseMount(input, container.image, {
        reason: 'raw-socket-holder',
        cause: 'the container was created with a way to the engine that is not filtered',
        addition: `it mounts ${holds.source}; remove the container and create it again with lockkeeper running`,
      });
    case 'unverifiable':
      return refuseMount(input, container.image, {
        reason: 'source-unverifiable',
        cause: 'a mount could not be checked',
        addition: holds.why,
      });
  }
}

function decideFiltered(input: DecisionInput): Decision {
  const { image } = input.facts;
  if (image === undefined) return need('image');
  // The container has its root file system whether the image is still there or not; without it nothing is confirmed.
  if (image.kind !== 'present') {
    const [name, why] = image.kind === 'absent' ? ['', image.message] : [image.name, image.why];
    const addition = `${why}; remove the container and create it again`;
    return refuseMount(input, name, { reason: 'image-changed', cause: 'its image cannot be confirmed', addition });
  }
  const verdict = judgeImage(input.state, image);
  return verdict.allowed ? pass : refuseMount(input, image.name, verdict);
}
