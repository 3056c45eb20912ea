import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../../shared/decision/facts.ts';
import type { Escape } from '../../../../shared/escape/kinds.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';
import { ask, container, createRequest, hostGate, refusalOf, standing } from './ask.ts';
import { closed, FILE, policyOf } from './policy-of.ts';

const CREATE = 'POST /v1.43/containers/create';
const privileged: Escape = { kind: 'privileged', found: 'Privileged: true' };
const outside: Escape = { kind: 'bind-outside', found: '/etc' };
const state = policyOf({ images: ['docker:cli'] });

function creating(escapes: readonly Escape[], body: object = { Image: 'alpine' }): Facts {
  return { create: { kind: 'read', value: createRequest(body) }, escapes: { kind: 'read', value: escapes } };
}

describe('on filtered sockets', () => {
  it.each([standing, container])('asks what leads out, and refuses it with the setting that opens it', (listener) => {
    const { escapes: _none, ...known } = creating([]);
    expect(ask(state, listener, CREATE, { ...known, escapes: undefined } as unknown as Facts)).toEqual({
      kind: 'need',
      fact: 'escapes',
    });
    const refusal = refusalOf(ask(state, listener, CREATE, creating([privileged])));
    expect(refusal).toMatchObject({ status: 403, reason: 'escape-privileged' });
    expect(refusal.message).toBe(
      'enhanced container isolation: "/v1.43/containers/create" is blocked because of Privileged: true; a privileged container has the whole machine. ' +
        '(Lockkeeper: "privileged" in lockkeeper.containerSockets.allow would let it through, built-in default)',
    );
  });

  it('names the folders to bind from for a bind', () => {
    const { message } = refusalOf(ask(state, standing, CREATE, creating([outside])));
    expect(message).toContain('a folder in lockkeeper.containerSockets.bindFrom may be bound');
  });

  it('lets through what the list has, and tells of it', () => {
    const open = policyOf({ lockkeeper: { containerSockets: { allow: ['privileged'] } } });
    expect(ask(open, standing, CREATE, creating([privileged]))).toEqual({ kind: 'pass', escapes: [privileged] });
    const refusal = refusalOf(ask(open, standing, CREATE, creating([privileged, outside])));
    expect(refusal.reason).toBe('escape-bind-outside');
  });

  it('lets everything through and tells of it where it is to be reported', () => {
    const report = policyOf({ lockkeeper: { containerSockets: { hostEscape: 'report' } } });
    expect(ask(report, standing, CREATE, creating([outside]))).toEqual({ kind: 'pass', escapes: [outside] });
  });

  it('asks nothing more about what the command list refuses, or in which nothing can lead out', () => {
    const denied = policyOf({ commands: ['run'] });
    expect(refusalOf(ask(denied, standing, CREATE)).reason).toBe('command-denied');
    expect(ask(state, standing, 'GET /containers/json', { escapes: undefined } as unknown as Facts).kind).toBe('pass');
  });

  it('refuses a body that cannot be read', () => {
    const escapes = { kind: 'refused', status: 400, problem: 'odd' } as const;
    expect(refusalOf(ask(state, standing, 'POST /containers/a/exec', { escapes })).status).toBe(400);
  });
});

describe('on the host gate', () => {
  it('tells of it, also without a usable policy', () => {
    for (const policy of [state, closed]) {
      expect(ask(policy, hostGate, CREATE, creating([privileged]))).toEqual({ kind: 'pass', escapes: [privileged] });
    }
  });

  it('refuses it where the policy says so, whatever filtered sockets let through', () => {
    const lockkeeper = { hostGate: { hostEscape: 'deny' }, containerSockets: { allow: ['privileged'] } };
    const refusal = refusalOf(ask(policyOf({ lockkeeper }), hostGate, CREATE, creating([privileged])));
    expect(refusal).toMatchObject({
      reason: 'escape-privileged',
      file: FILE,
      rule: 'lockkeeper.hostGate.hostEscape: "deny"',
    });
    expect(refusal.message).toContain('lockkeeper.hostGate.hostEscape: "report" would let it through');
  });

  it('lets a body go on that cannot be read, for the engine to say so, but none that is too large', () => {
    const line = 'POST /containers/a/exec';
    expect(ask(state, hostGate, line, { escapes: { kind: 'refused', status: 400, problem: 'odd' } })).toEqual({
      kind: 'pass',
      escapes: [{ kind: 'unknown-fields', found: 'odd' }],
    });
    expect(ask(state, hostGate, line, { escapes: { kind: 'refused', status: 413, problem: 'large' } }).kind).toBe(
      'refuse',
    );
  });
});

it('refuses nothing while Lockkeeper observes', () => {
  const observing: PolicyState = { ...state, observingUntil: '2099-01-01T00:00:00Z' } as PolicyState;
  expect(ask(observing, standing, CREATE, creating([privileged]))).toMatchObject({
    kind: 'pass',
    escapes: [privileged],
    observed: { refusal: { reason: 'escape-privileged' } },
  });
});

describe("Testcontainers' reaper", () => {
  const SOCKET = '/var/run/docker.sock';
  const listed = policyOf({ images: ['*'] });
  const decide = (name: string, escapes: readonly Escape[]) => {
    const body = { Image: name, HostConfig: { Privileged: true, Binds: [`${SOCKET}:${SOCKET}`] } };
    const create = createRequest(body);
    const mounts = create.mounts.map(
      (request) => ({ kind: 'source', request, source: { kind: 'socket', socket: SOCKET } }) as const,
    );
    const image = { kind: 'present', name, id: 'sha256:1', digests: [], proofs: [] } as const;
    return ask(listed, container, CREATE, { ...creating(escapes, body), mounts, image });
  };

  it.each([
    'docker.io/testcontainers/ryuk:0.11',
    'registry.example.com/mirror/testcontainers/ryuk:1',
    'docker.io/testcontainers/ryuk@sha256:00',
  ])('%s is created as an ordinary container', (name) => {
    expect(decide(name, [privileged])).toMatchObject({ kind: 'rewrite', escapes: [], grant: { isUnprivileged: true } });
  });

  it('is refused when it asks for more, and so is everything else that asks for that', () => {
    expect(decide('docker.io/testcontainers/ryuk:0.11', [privileged, outside]).kind).toBe('refuse');
    expect(decide('docker.io/testcontainers/ryuk-not:1', [privileged]).kind).toBe('refuse');
    expect(decide('docker.io/nottestcontainers/ryuk:1', [privileged]).kind).toBe('refuse');
    expect(decide('docker.io/library/docker:cli', [privileged]).kind).toBe('refuse');
  });
});
