import type { Decision } from '../../../../../renderer/pages/activity/event-store.ts';

/** A refused push from a container, unless something else is said. */
export function decision(changes: Partial<Decision> = {}): Decision {
  return {
    schema: 1,
    type: 'decision',
    sequence: 7,
    time: '2026-05-01T12:00:00.000Z',
    outcome: 'refused',
    caller: { listener: 'container-socket', containerId: 'c0ffee00', image: 'docker.io/library/docker:cli' },
    method: 'POST',
    path: '/v1.43/images/app/push?tag=latest',
    operation: 'ImagePush',
    command: 'image push',
    reason: 'command-denied',
    ...changes,
  };
}
