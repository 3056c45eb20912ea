import { describe, expect, it } from 'vitest';
import type { Facts, ImageFact, MountFact, SourceFact } from '../../../../shared/decision/facts.ts';
import { OBSERVED_ENTRY } from '../../../../shared/decision/observe.ts';
import { parseImageListEntry } from '../../../../shared/images/image-list-entry.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';
import { ask, container, createRequest, hostGate, standing } from './ask.ts';
import { closed, policyOf } from './policy-of.ts';

const CREATE = 'POST /v1.43/containers/create';
const SOCKET = '/var/run/docker.sock';
const local: ImageFact = {
  kind: 'present',
  name: 'docker.io/library/alpine:latest',
  id: 'sha256:1',
  digests: [],
  proofs: [],
};
const observing = policyOf({ images: ['docker:cli'], commands: ['push'], lockkeeper: { mode: 'observe' } });

/** The same policy, observed because somebody said so for a while. */
function forAWhile(state: PolicyState): PolicyState {
  return { ...state, observingUntil: '2026-01-01T00:05:00.000Z' } as PolicyState;
}

function mounting(body: object, source: SourceFact, image?: ImageFact): Facts {
  const value = createRequest({ Image: 'alpine', ...body });
  const mounts = value.mounts.map((request): MountFact => ({ kind: 'source', request, source }));
  return { create: { kind: 'read', value }, mounts, ...(image && { image }) };
}
const socketMount = (image?: ImageFact) =>
  mounting({ HostConfig: { Binds: [`${SOCKET}:${SOCKET}`] } }, { kind: 'socket', socket: SOCKET }, image);

describe('observing', () => {
  it('lets what the command list refuses go on, and says what it would have been', () => {
    expect(ask(observing, standing, 'POST /v1.43/images/x/push')).toMatchObject({
      kind: 'pass',
      observed: { refusal: { status: 403, reason: 'command-denied', rule: 'deny "push"' } },
    });
  });

  it('is the same when somebody asked for it for a while', () => {
    const state = forAWhile(policyOf({ commands: ['push'] }));
    expect(ask(state, standing, 'POST /v1.43/images/x/push')).toMatchObject({ observed: {} });
  });

  it('says nothing of what passes anyway', () => {
    expect(ask(observing, standing, 'GET /v1.43/containers/json')).toEqual({ kind: 'pass' });
  });

  it('gives a container that no entry admits a filtered socket, by an entry that no list can have', () => {
    expect(ask(observing, hostGate, CREATE, socketMount(local))).toMatchObject({
      kind: 'rewrite',
      grant: { entry: OBSERVED_ENTRY, imageId: 'sha256:1', targets: [SOCKET] },
      observed: { refusal: { reason: 'not-listed' }, image: 'docker.io/library/alpine:latest' },
    });
    expect(parseImageListEntry(OBSERVED_ENTRY).ok).toBe(false);
  });

  it('still asks what is needed for that, after the command list would have refused', () => {
    const state = policyOf({ commands: ['run', 'create'], lockkeeper: { mode: 'observe' } });
    const from = (facts: Facts) => ask(state, container, CREATE, facts);
    expect(from({})).toEqual({ kind: 'need', fact: 'create' });
    expect(from(socketMount())).toEqual({ kind: 'need', fact: 'image' });
    expect(from(socketMount(local))).toMatchObject({
      kind: 'rewrite',
      grant: {},
      observed: { refusal: { reason: 'command-denied' } },
    });
  });

  it('tells a client whose image is absent to pull it, as always', () => {
    const absent: ImageFact = { kind: 'absent', message: 'No such image: alpine' };
    expect(ask(observing, hostGate, CREATE, socketMount(absent))).toMatchObject({ kind: 'absent' });
  });

  it('lets a folder above the socket be mounted', () => {
    const facts = mounting({ HostConfig: { Binds: ['/var/run:/host'] } }, { kind: 'exposes', socket: SOCKET });
    expect(ask(observing, hostGate, CREATE, facts)).toMatchObject({
      kind: 'pass',
      observed: { refusal: { reason: 'parent-directory' } },
    });
  });

  it('lets a container use its socket that the list would not let in any more, and start', () => {
    const refusal = { reason: 'not-listed', cause: 'x', addition: 'y' } as const;
    const holderStanding = { kind: 'refused', image: 'alpine', refusal } as const;
    expect(ask(observing, container, 'GET /v1.43/containers/json', { holderStanding })).toMatchObject({
      kind: 'pass',
      observed: { refusal: { reason: 'not-listed' } },
    });
    const holds = { kind: 'raw', source: SOCKET, fact: { kind: 'socket', socket: SOCKET } } as const;
    const present = { kind: 'present', id: 'c2', image: 'alpine', imageId: 'sha256:1', holds } as const;
    const start = { startBody: { kind: 'read', value: 'empty' }, container: present } as const;
    expect(ask(observing, hostGate, 'POST /v1.43/containers/c2/start', start)).toMatchObject({
      kind: 'pass',
      observed: { refusal: { reason: 'raw-socket-holder' } },
    });
  });

  it.each<[string, () => unknown]>([
    [
      'what a hand has cut off',
      () => ask(observing, container, 'GET /v1.43/containers/json', { cutOff: { kind: 'cut-off', since: 'x' } }),
    ],
    [
      'a body that nobody can read',
      () => ask(observing, hostGate, CREATE, { create: { kind: 'refused', status: 400, problem: 'no JSON' } }),
    ],
    [
      'a start whose body says how the container is to be',
      () =>
        ask(observing, hostGate, 'POST /v1.43/containers/c2/start', {
          startBody: { kind: 'read', value: 'host-config' },
        }),
    ],
    [
      'a service that nobody can read',
      () =>
        ask(observing, hostGate, 'POST /v1.43/services/create', {
          serviceMounts: { kind: 'refused', status: 413, problem: 'too large' },
        }),
    ],
    ['everything without a policy', () => ask(forAWhile(closed), standing, 'GET /v1.43/containers/json')],
  ])('goes on to refuse %s', (_, decision) => {
    expect(decision()).toMatchObject({ kind: 'refuse' });
  });
});
