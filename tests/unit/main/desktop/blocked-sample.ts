import type { Blocked } from '../../../../main/desktop/tray/tray-facts.ts';

/** A push that a container was refused. */
export function blockedSample(more: Partial<Blocked>): Blocked {
  return {
    schema: 1,
    sequence: 1,
    time: '2026-11-28T12:03:04.000Z',
    type: 'decision',
    outcome: 'refused',
    caller: { listener: 'container-socket', containerId: 'c'.repeat(64), image: 'docker.io/library/docker:cli' },
    method: 'POST',
    path: '/v1.41/images/alpine/push',
    operation: 'ImagePush',
    command: 'image push',
    message: 'docker command "image push" is blocked',
    ...more,
  };
}
