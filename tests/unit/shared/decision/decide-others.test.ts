import { describe, expect, it } from 'vitest';
import type { ContainerFact, Facts, HolderFact, SourceFact } from '../../../../shared/decision/facts.ts';
import { ask, hostGate, refusalOf, standing } from './ask.ts';
import { policyOf } from './policy-of.ts';

const state = policyOf({ images: ['docker:cli'] });

function holding(holds: HolderFact): Facts {
  const container: ContainerFact = { kind: 'present', id: 'c1', image: 'docker:cli', imageId: 'sha256:1', holds };
  return { startBody: { kind: 'read', value: 'empty' }, container };
}

describe.each(['POST /v1.43/containers/c1/start', 'POST /containers/c1/restart?t=5'])('%s', (line) => {
  it('looks at the body, then at the container', () => {
    expect(ask(state, hostGate, line)).toEqual({ kind: 'need', fact: 'startBody' });
    const startBody = { kind: 'read', value: 'empty' } as const;
    expect(ask(state, hostGate, line, { startBody })).toEqual({ kind: 'need', fact: 'container' });
  });

  it('refuses a HostConfig in the body', () => {
    const facts: Facts = { startBody: { kind: 'read', value: 'host-config' } };
    expect(refusalOf(ask(state, hostGate, line, facts)).status).toBe(400);
  });

  it('passes a container that holds nothing, and one that is not there', () => {
    expect(ask(state, standing, line, holding({ kind: 'nothing' })).kind).toBe('pass');
    const absent: Facts = { startBody: { kind: 'read', value: 'empty' }, container: { kind: 'absent' } };
    expect(ask(state, standing, line, absent).kind).toBe('pass');
  });

  it('refuses a container that was created with the raw socket', () => {
    const fact: SourceFact = { kind: 'socket', socket: '/var/run/docker.sock' };
    const refusal = refusalOf(
      ask(state, hostGate, line, holding({ kind: 'raw', source: '/var/run/docker.sock', fact })),
    );
    expect(refusal.reason).toBe('raw-socket-holder');
    expect(refusal.message).toContain('/var/run/docker.sock');
  });

  it('refuses a container whose mounts cannot be checked', () => {
    const facts = holding({ kind: 'unverifiable', why: 'permission denied' });
    expect(refusalOf(ask(state, hostGate, line, facts)).reason).toBe('source-unverifiable');
  });

  it('asks for the image of a container with a filtered socket, and goes by what the policy says now', () => {
    const facts = holding({ kind: 'filtered-socket', targets: ['/var/run/docker.sock'] });
    expect(ask(state, hostGate, line, facts)).toEqual({ kind: 'need', fact: 'image' });
    const image = { kind: 'present', name: 'docker.io/library/docker:cli', id: 'sha256:1', digests: [] } as const;
    expect(refusalOf(ask(state, hostGate, line, { ...facts, image: { ...image, proofs: [] } })).reason).toBe(
      'not-listed',
    );
    const everything = policyOf({ images: ['*'] });
    expect(ask(everything, hostGate, line, { ...facts, image: { ...image, proofs: [] } }).kind).toBe('pass');
  });

  it('refuses a container with a filtered socket whose image is gone', () => {
    const image = { kind: 'absent', message: 'No such image' } as const;
    const refusal = refusalOf(
      ask(state, hostGate, line, { ...holding({ kind: 'filtered-socket', targets: ['/var/run/docker.sock'] }), image }),
    );
    expect(refusal.reason).toBe('image-changed');
  });
});

describe.each([
  ['serviceMounts', 'POST /v1.43/services/create', 'service'],
  ['serviceMounts', 'POST /v1.43/services/s1/update?version=3', 'service'],
  ['pluginMounts', 'POST /v1.43/plugins/pull?remote=x', 'plugin'],
  ['pluginMounts', 'POST /v1.43/plugins/p1/enable', 'plugin'],
  ['pluginMounts', 'POST /v1.43/plugins/p1/upgrade?remote=x', 'plugin'],
  ['pluginMounts', 'POST /v1.43/plugins/p1/set', 'plugin'],
] as const)('%s of %s', (fact, line, reason) => {
  const mounts = (source: SourceFact): Facts => ({
    [fact]: { kind: 'read', value: [{ source: '/var/run/docker.sock', fact: source }] },
  });

  it('are looked at first', () => {
    expect(ask(state, hostGate, line)).toEqual({ kind: 'need', fact });
  });

  it.each<SourceFact>([
    { kind: 'socket', socket: '/var/run/docker.sock' },
    { kind: 'exposes', socket: '/run/docker.sock' },
    { kind: 'holds-state', below: ['lockkeeper'] },
    { kind: 'unverifiable', why: 'permission denied' },
  ])('are refused with a reason of their own: %o', (source) => {
    expect(refusalOf(ask(state, hostGate, line, mounts(source))).reason).toBe(reason);
  });

  it('pass when they are ordinary', () => {
    expect(ask(state, hostGate, line, mounts({ kind: 'ordinary' })).kind).toBe('pass');
  });

  it('are refused when the body cannot be read', () => {
    const facts: Facts = { [fact]: { kind: 'refused', status: 400, problem: 'it is no JSON' } };
    expect(refusalOf(ask(state, hostGate, line, facts)).status).toBe(400);
  });
});
