import { describe, expect, it } from 'vitest';
import { commands } from '../../../../shared/commands/command-table.ts';
import type { EscapeKind } from '../../../../shared/escape/kinds.ts';
import { describePolicy } from '../../../../shared/policy/describe.ts';
import { effectivePolicy } from '../../../../shared/policy/effective.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';

const LIST = 'enhancedContainerIsolation.dockerSocketMount.commandList';

/** What whole commands do that leads out of containers. */
const OUT = ['plugins', 'swarm', 'checkpoints'] as const;

/** The command list alone decides, unless something is to lead out. */
function stateOf(type: 'deny' | 'allow', listed: readonly string[], allow: readonly EscapeKind[] = OUT): PolicyState {
  const values = {
    [`${LIST}.type`]: type,
    [`${LIST}.commands`]: listed,
    'lockkeeper.containerSockets.allow': allow,
  };
  const effective = effectivePolicy({
    admin: { source: 'admin', file: '/etc/x.json', settings: { locked: true, values } },
  });
  if (!effective.ok) throw new Error(JSON.stringify(effective.problems));
  return { kind: 'effective', generation: 1, policy: effective.policy, warnings: [], problems: [] };
}

function described(state: PolicyState, name: string) {
  const command = describePolicy(state).commands.find((one) => one.name === name);
  if (command === undefined) throw new Error(`${name} is not described`);
  return command;
}

const verdict = (state: PolicyState, name: string) => described(state, name).verdict;

describe('what becomes of a command', () => {
  it('is said of each that has operations of its own', () => {
    const all = describePolicy(stateOf('deny', [])).commands;
    expect(all.map(({ name }) => name)).toEqual(commands.map(({ name }) => name));
    expect(all.filter(({ operations }) => operations.length === 0)).toEqual([]);
    expect(new Set(all.map((command) => command.verdict))).toEqual(new Set(['allowed']));
  });

  it('is refused where all that it does leads out of containers', () => {
    expect(described(stateOf('deny', [], []), 'swarm init')).toMatchObject({
      verdict: 'blocked',
      rule: 'lockkeeper.containerSockets.hostEscape: "deny"',
      by: 'POST /swarm/init',
    });
    expect(verdict(stateOf('deny', [], []), 'plugin ls')).toBe('allowed');
    expect(verdict(stateOf('deny', [], []), 'service create')).toBe('blocked');
  });

  it('is refused by the entry that denies it, also by its group, and the request that is refused is named', () => {
    expect(described(stateOf('deny', ['push']), 'image push')).toMatchObject({
      verdict: 'blocked',
      rule: 'deny "push"',
      by: 'POST /images/{name}/push',
    });
    expect(described(stateOf('deny', ['image*']), 'image pull')).toMatchObject({
      verdict: 'blocked',
      rule: 'deny "image*"',
    });
  });

  it('is refused along with what it needs, unless it needs that at times only', () => {
    const withoutCreate = stateOf('deny', ['create']);
    expect(verdict(withoutCreate, 'container run')).toBe('blocked');
    expect(verdict(withoutCreate, 'container start')).not.toBe('blocked');
  });

  it('is partly allowed where a way of several is left', () => {
    const withoutPush = stateOf('deny', ['push']);
    expect(verdict(withoutPush, 'image build')).toBe('partly');
    expect(described(withoutPush, 'image build').operations.map((one) => one.verdict)).toContain('pass');
    expect(verdict(stateOf('deny', ['build']), 'image build')).toBe('blocked');
  });

  it('is allowed for own containers alone where an allow list says only "run"', () => {
    const onlyRun = stateOf('allow', ['run']);
    expect(verdict(onlyRun, 'container run')).toBe('own');
    expect(verdict(onlyRun, 'container exec')).toBe('blocked');
    expect(verdict(onlyRun, 'image pull')).toBe('blocked');
  });

  it('is refused for everything without a usable policy', () => {
    const closed: PolicyState = { kind: 'closed', generation: 2, problems: [] };
    const kinds = new Set(describePolicy(closed).commands.map((command) => command.verdict));
    expect(kinds).toEqual(new Set(['blocked']));
  });

  it.each(commands.map(({ name }) => name))('%s is blocked when it is denied, and not when it is allowed', (name) => {
    expect(verdict(stateOf('deny', [name]), name)).toBe('blocked');
    expect(verdict(stateOf('allow', [name]), name)).not.toBe('blocked');
  });
});
