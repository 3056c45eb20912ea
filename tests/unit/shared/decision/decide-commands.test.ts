import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routes } from '../../../../shared/engine-api/routes.ts';
import { ask, container, hostGate, refusalOf, standing } from './ask.ts';
import { closed, FILE, policyOf } from './policy-of.ts';

const push = 'POST /v1.43/images/myimage/push?tag=latest';

describe('the command list on filtered sockets', () => {
  it("refuses a denied command with Docker's sentence, the rule and the file", () => {
    const refusal = refusalOf(ask(policyOf({ commands: ['push', 'build'] }), container, push));
    expect(refusal).toEqual({
      status: 403,
      reason: 'command-denied',
      remedy: 'deny "push", /etc/lockkeeper/admin-settings.json',
      message:
        'enhanced container isolation: docker command "/v1.43/images/myimage/push?tag=latest" is blocked; if you wish to allow it, configure the docker socket command list in the Docker Desktop settings. (Lockkeeper: deny "push", /etc/lockkeeper/admin-settings.json)',
      rule: 'deny "push"',
      file: FILE,
    });
  });

  it('passes what the deny list does not name', () => {
    expect(ask(policyOf({ commands: ['push'] }), standing, 'GET /containers/json').kind).toBe('pass');
  });

  it('refuses what the allow list does not name, and says what it allows', () => {
    const refusal = refusalOf(ask(policyOf({ type: 'allow', commands: ['ps', 'image*'] }), standing, 'POST /commit'));
    expect(refusal.reason).toBe('command-not-allowed');
    expect(refusal.message).toContain(`(Lockkeeper: not in allow "ps", "image*", ${FILE})`);
  });

  it('says that an empty allow list is empty', () => {
    const refusal = refusalOf(ask(policyOf({ type: 'allow' }), standing, 'GET /images/json'));
    expect(refusal.message).toContain('not in allow list, which is empty');
  });

  it('does not apply on the host gate', () => {
    expect(ask(policyOf({ commands: ['push'] }), hostGate, push).kind).toBe('pass');
  });

  it('does not apply when the feature is switched off', () => {
    expect(ask(policyOf({ commands: ['push'], value: false }), container, push).kind).toBe('pass');
  });
});

describe('what only Podman does', () => {
  const create = 'POST /v4.3.1/libpod/containers/create';
  const build = 'POST /build?additionalbuildcontexts=%7B%7D';

  it.each([create, 'POST /v1.41/libpod/play/kube', 'DELETE /v4.0.0/libpod/containers/a', build])(
    'is refused on the host gate: %s',
    (line) => {
      const refusal = refusalOf(ask(policyOf({}), hostGate, line));
      expect(refusal).toMatchObject({ status: 403, reason: 'podman-api' });
      expect(refusal.message).toContain('Podman');
    },
  );

  it('is refused on filtered sockets, where unknown operations may be open', () => {
    expect(refusalOf(ask(policyOf({}), container, create)).reason).toBe('unknown-operation');
    const state = policyOf({ lockkeeper: { unknownOperations: 'pass' } });
    expect(refusalOf(ask(state, container, create)).reason).toBe('podman-api');
  });

  it('may be read on the host gate, and used where nothing is enforced', () => {
    expect(ask(policyOf({}), hostGate, 'GET /v4.3.1/libpod/info')).toEqual({ kind: 'pass', note: 'unknown-operation' });
    expect(ask(policyOf({ value: false }), hostGate, create).kind).toBe('pass');
  });

  it.each([hostGate, container])('a parameter that Podman reads otherwise is refused', (listener) => {
    const refusal = refusalOf(ask(policyOf({}), listener, 'POST /commit?container=a&container=b'));
    expect(refusal).toMatchObject({ status: 400, reason: 'malformed-request' });
  });
});

describe('operations that are not in the table', () => {
  const unknown = 'POST /v1.99/teleport';

  it.each(['deny', 'allow'] as const)('are refused on filtered sockets under %s', (type) => {
    expect(refusalOf(ask(policyOf({ type }), container, unknown)).reason).toBe('unknown-operation');
  });

  it('pass on the host gate, with a note for the journal', () => {
    expect(ask(policyOf({}), hostGate, unknown)).toEqual({ kind: 'pass', note: 'unknown-operation' });
  });

  it('pass on filtered sockets when the setting opens them', () => {
    const state = policyOf({ lockkeeper: { unknownOperations: 'pass' } });
    expect(ask(state, container, unknown)).toEqual({ kind: 'pass', note: 'unknown-operation' });
  });
});

describe('allow "run"', () => {
  const state = policyOf({ type: 'allow', commands: ['run'] });
  const wait = 'POST /v1.41/containers/c2/wait';

  it('first asks whether the container is its own', () => {
    expect(ask(state, container, wait)).toEqual({ kind: 'need', fact: 'ownContainer' });
  });

  it('then passes its own and refuses others', () => {
    expect(ask(state, container, wait, { ownContainer: true }).kind).toBe('pass');
    const refusal = refusalOf(ask(state, container, wait, { ownContainer: false }));
    expect(refusal.reason).toBe('command-not-own-container');
  });
});

describe('without a usable policy', () => {
  it.each(['GET /_ping', 'HEAD /_ping', 'GET /v1.41/version'])('a filtered socket answers %s', (line) => {
    expect(ask(closed, container, line).kind).toBe('pass');
  });

  it('a filtered socket refuses everything else and says where the policy is broken', () => {
    const refusal = refusalOf(ask(closed, container, 'GET /containers/json'));
    expect(refusal.reason).toBe('policy-invalid');
    expect(refusal.message).toContain(`${FILE}:3:5: a comma is missing.`);
  });

  it('host use without sockets goes on', () => {
    expect(ask(closed, hostGate, 'GET /containers/json').kind).toBe('pass');
  });

  it('no operation but ping and version passes a filtered socket', () => {
    const others = routes.filter(({ id }) => !['Ping', 'PingHead', 'Version'].includes(id));
    fc.assert(
      fc.property(fc.constantFrom(...others), ({ method, pattern }) => {
        const path = pattern.replaceAll(/\{[^}]*\}/g, 'x');
        const decision = ask(closed, standing, `${method} ${path}`);
        return decision.kind === 'refuse' || ['/_ping', '/version'].includes(path);
      }),
    );
  });
});
