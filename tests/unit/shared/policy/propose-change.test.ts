import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../../../shared/commands/command-names.ts';
import { listableOperations } from '../../../../shared/commands/operation-reach.ts';
import type { PolicyChange, RefusedRequest } from '../../../../shared/ipc/policy-change.ts';
import { describeOperations } from '../../../../shared/policy/describe-operations.ts';
import { effectivePolicy } from '../../../../shared/policy/effective.ts';
import type { Policy } from '../../../../shared/policy/policy.ts';
import { type OpenSettings, proposeChange } from '../../../../shared/policy/propose-change.ts';
import { suggestChange } from '../../../../shared/policy/suggest-change.ts';

const USER = '/home/u/settings.json';
const mount = (dockerSocketMount: object) => ({ enhancedContainerIsolation: { dockerSocketMount } });

function settings(user?: object | string, admin?: Record<string, unknown>): OpenSettings {
  const text = typeof user === 'string' ? user : JSON.stringify(user);
  return {
    userFile: USER,
    bytes: text === undefined ? undefined : new TextEncoder().encode(text),
    admin: admin && { source: 'admin', file: '/etc/x.json', settings: { locked: false, values: admin } },
  };
}

/** The user's file after a change. */
function changed(change: PolicyChange, open: OpenSettings): string {
  const proposed = proposeChange(change, open);
  if (!proposed.ok) throw new Error(proposed.problem);
  return new TextDecoder().decode(proposed.after);
}

const policyOf = (values: Record<string, unknown>): Policy => {
  const made = effectivePolicy({
    admin: { source: 'admin', file: '/etc/x.json', settings: { locked: false, values } },
  });
  if (!made.ok) throw new Error(made.problems[0]?.text);
  return made.policy;
};
const IMAGES = 'enhancedContainerIsolation.dockerSocketMount.imageList.images';
const TYPE = 'enhancedContainerIsolation.dockerSocketMount.commandList.type';
const COMMANDS = 'enhancedContainerIsolation.dockerSocketMount.commandList.commands';

describe('a proposed change', () => {
  it('makes the file, and takes over what the administrator’s list says without locking it', () => {
    const open = settings(undefined, { [IMAGES]: ['docker:cli'] });
    const change = { kind: 'add-image', entry: 'alpine:latest' } as const;
    expect(JSON.parse(changed(change, open))).toEqual(
      mount({ imageList: { images: ['docker:cli', 'alpine:latest'] } }),
    );
    expect(proposeChange(change, open)).toMatchObject({ takesOverFrom: '/etc/x.json' });
    expect(proposeChange(change, settings(mount({ imageList: { images: [] } })))).not.toHaveProperty('takesOverFrom');
  });

  it('adds one line to a file that has the list', () => {
    const text = JSON.stringify({ theme: 'dark', ...mount({ imageList: { images: ['docker:cli'] } }) }, null, 2);
    expect(changed({ kind: 'add-image', entry: 'alpine:latest' }, settings(text))).toBe(
      text.replace('"docker:cli"', '"docker:cli",\n          "alpine:latest"'),
    );
  });

  it('writes the type beside the commands, without which they could come to mean the opposite', () => {
    const open = settings(undefined, { [TYPE]: 'deny', [COMMANDS]: ['push', 'ps'] });
    expect(JSON.parse(changed({ kind: 'stop-denying', operation: 'ImagePush' }, open))).toEqual(
      mount({ commandList: { type: 'deny', commands: ['ps'] } }),
    );
  });

  it('says which requests it opens, and is also told as a snippet that does the same', () => {
    const proposed = proposeChange(
      { kind: 'stop-denying', operation: 'ImagePush' },
      settings(undefined, { [COMMANDS]: ['push'] }),
    );
    expect(proposed).toMatchObject({ ok: true, words: 'the command list does not deny ImagePush any more' });
    if (!proposed.ok) return;
    expect(proposed.opens).toContain('POST /images/{name}/push');
    expect(proposed.opens).toContain('POST /session');
    expect(proposed.snippet).toBe(new TextDecoder().decode(proposed.after));
  });

  it.each([
    ['a file with a mistake', '{"enhancedContainerIsolation": {"value": 1}}', `${USER}:1:42: `],
    ['what is there already', mount({ imageList: { images: ['alpine:latest'] } }), 'already'],
    ['a file that is a list', '[]', USER],
  ])('is none for %s', (_, file, words) => {
    const proposed = proposeChange({ kind: 'add-image', entry: 'alpine:latest' }, settings(file));
    expect(proposed).toEqual({ ok: false, problem: expect.stringContaining(words) });
  });

  it.each<[string, PolicyChange, string]>([
    ['a bad reference', { kind: 'add-image', entry: 'Alpine:' }, 'Alpine'],
    ['a command that does not exist', { kind: 'start-allowing', command: 'psuh' }, 'allows all others'],
    ['an operation that does not exist', { kind: 'stop-denying', operation: 'constructor' }, 'constructor'],
    ['what nothing denies', { kind: 'stop-denying', operation: 'ImagePush' }, 'no entry'],
  ])('is none that would make the file unusable or do nothing: %s', (_, change, words) => {
    expect(proposeChange(change, settings())).toEqual({ ok: false, problem: expect.stringContaining(words) });
  });
});

describe('the change that is suggested', () => {
  const refused = (reason: RefusedRequest['reason'], more: Partial<RefusedRequest> = {}): RefusedRequest => ({
    reason,
    operation: 'ContainerCreate',
    ...more,
  });
  const ID = `sha256:${'ab'.repeat(32)}`;

  it.each([
    ['list-empty', { image: 'docker.io/library/alpine:latest' }, { kind: 'add-image', entry: 'alpine:latest' }],
    [
      'not-listed',
      { image: 'registry.example.com/x/y' },
      { kind: 'add-image', entry: 'registry.example.com/x/y:latest' },
    ],
    ['not-listed', { image: ID }, { kind: 'add-local-image', id: ID }],
    ['derived-off', { image: 'x' }, { kind: 'allow-derived-images' }],
    ['unknown-operation', { operation: 'Unknown' }, { kind: 'pass-unknown-operations' }],
    ['escape-privileged', { image: 'x' }, { kind: 'allow-escape', escape: 'privileged' }],
  ] as const)('for %s of %j is %j', (reason, more, change) => {
    expect(suggestChange(refused(reason, more), policyOf({}))).toEqual({ kind: 'change', change });
  });

  it.each([
    'digest-differs',
    'registry-unreachable',
    'parent-directory',
    'service',
    'policy-invalid',
    'escape-bind-outside',
  ] as const)('is none for %s, which no policy cures', (reason) => {
    expect(suggestChange(refused(reason, { image: 'alpine' }), policyOf({}))).toEqual({ kind: 'none' });
  });

  it('is not needed any more once the policy has changed', () => {
    const allowed = { kind: 'allowed-by-now' };
    const image = 'docker.io/library/alpine:latest';
    expect(suggestChange(refused('not-listed', { image }), policyOf({ [IMAGES]: ['alpine'] }))).toEqual(allowed);
    expect(suggestChange(refused('not-listed', { image }), policyOf({ [IMAGES]: ['*'] }))).toEqual(allowed);
    expect(suggestChange(refused('command-denied', { operation: 'ImagePush' }), policyOf({}))).toEqual(allowed);
  });

  const someNames = fc.uniqueArray(fc.constantFrom(...commandNames), { maxLength: 5 });

  it('lets through what was refused, whatever the command list says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('deny', 'allow'),
        someNames,
        fc.constantFrom(...listableOperations),
        (type, commands, operation) => {
          // What leads out of containers is for another setting to let through.
          const escapes = { 'lockkeeper.containerSockets.allow': ['plugins', 'swarm', 'checkpoints'] };
          const values = { [TYPE]: type, [COMMANDS]: commands, ...escapes };
          const open = settings(undefined, values);
          const policy = policyOf(values);
          const suggested = suggestChange({ reason: 'command-denied', operation }, policy);
          fc.pre(suggested.kind === 'change');
          if (suggested.kind !== 'change') return;
          const proposed = proposeChange(suggested.change, open);
          if (!proposed.ok) throw new Error(proposed.problem);
          const state = {
            kind: 'effective',
            generation: 1,
            policy: proposed.policy,
            warnings: [],
            problems: [],
          } as const;
          const verdicts = describeOperations(state).filter(({ id }) => id === operation);
          expect(verdicts.every(({ verdict }) => verdict === 'pass')).toBe(true);
        },
      ),
    );
  });
});
