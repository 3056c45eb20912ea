import { describe, expect, it } from 'vitest';
import { decide } from '../../../../shared/decision/decide.ts';
import { identifyOperation, operationIds } from '../../../../shared/engine-api/operation.ts';
import { parseRequestTarget } from '../../../../shared/http/request-target.ts';
import type { PolicyDescription } from '../../../../shared/ipc/policy.ts';
import { policyPaths } from '../../../../shared/policy/builtin-values.ts';
import { describePolicy, renderPolicy } from '../../../../shared/policy/describe.ts';
import { effectivePolicy } from '../../../../shared/policy/effective.ts';
import type { PolicyState, PolicyValues } from '../../../../shared/policy/policy.ts';

const mount = 'enhancedContainerIsolation.dockerSocketMount';
const problem = { file: '/etc/x.json', line: 3, column: 4, text: 'The file is not valid JSON: odd.' };

function stateOf(values: Partial<PolicyValues>): PolicyState & { kind: 'effective' } {
  const settings = { locked: true, values };
  const effective = effectivePolicy({ admin: { source: 'admin', file: '/etc/x.json', settings } });
  if (!effective.ok) {
    throw new Error(JSON.stringify(effective.problems));
  }
  return { kind: 'effective', generation: 7, policy: effective.policy, warnings: [], problems: [] };
}

const list = (type: 'deny' | 'allow', ...commands: string[]) =>
  stateOf({ [`${mount}.commandList.type`]: type, [`${mount}.commandList.commands`]: commands });
const closed: PolicyState = { kind: 'closed', generation: 2, problems: [problem] };
const operation = (state: PolicyState, id: string) =>
  describePolicy(state).operations.filter((candidate) => candidate.id === id);

describe('describePolicy', () => {
  it('tells every value with its origin', () => {
    const { values } = describePolicy(stateOf({ 'lockkeeper.offlineGraceHours': 5 }));
    expect(values.map(({ path }) => path)).toEqual(policyPaths);
    expect(values[0]).toEqual({
      path: 'enhancedContainerIsolation.value',
      value: true,
      origin: { source: 'built-in', locked: true },
    });
    expect(values).toContainEqual({
      path: 'lockkeeper.offlineGraceHours',
      value: 5,
      origin: { source: 'admin', file: '/etc/x.json', locked: true },
    });
  });

  it('tells the entries as the image list has them', () => {
    const { images } = describePolicy(
      stateOf({ [`${mount}.imageList.images`]: ['docker', 'testcontainers/*:*', '*'] }),
    );
    expect(images).toEqual([
      { entry: 'docker', normalised: 'docker.io/library/docker:latest' },
      { entry: 'testcontainers/*:*', normalised: 'docker.io/testcontainers/*:*' },
      { entry: '*', normalised: '*' },
    ]);
  });

  it('tells of every operation there is', () => {
    const described = describePolicy(list('deny')).operations;
    expect(new Set(described.map(({ id }) => id))).toEqual(new Set(operationIds));
    expect(new Set(described.map(({ request }) => request)).size).toBe(described.length);
  });

  it('tells what a deny list refuses, and by which entry', () => {
    const state = list('deny', 'push', 'image*');
    expect(operation(state, 'ImagePush')).toEqual([
      { id: 'ImagePush', request: 'POST /images/{name}/push', verdict: 'refuse', rule: 'deny "push"' },
    ]);
    expect(operation(state, 'ImagePull')).toEqual([
      { id: 'ImagePull', request: 'POST /images/create?fromImage=…', verdict: 'refuse', rule: 'deny "image*"' },
    ]);
    expect(operation(state, 'ContainerList')).toEqual([
      { id: 'ContainerList', request: 'GET /containers/json', verdict: 'pass' },
    ]);
  });

  it('tells what an allow list lets through, and what for own containers only', () => {
    const state = list('allow', 'run');
    expect(operation(state, 'ContainerCreate')).toMatchObject([{ verdict: 'pass' }]);
    expect(operation(state, 'ContainerDelete')).toMatchObject([{ verdict: 'own' }]);
    expect(operation(state, 'ContainerExec')).toMatchObject([{ verdict: 'refuse' }]);
    expect(operation(state, 'SystemPing')).toMatchObject([{ verdict: 'pass' }]);
  });

  it('tells of operations that nobody knows as the setting has it', () => {
    expect(operation(list('deny'), 'Unknown')).toMatchObject([{ request: 'everything else', verdict: 'refuse' }]);
    const opened = stateOf({ 'lockkeeper.unknownOperations': 'pass' });
    expect(operation(opened, 'Unknown')).toMatchObject([{ verdict: 'pass' }]);
  });

  it('tells that nothing but ping and version passes without a usable policy', () => {
    const description = describePolicy(closed);
    expect(description).toMatchObject({
      kind: 'closed',
      generation: 2,
      enforced: true,
      values: [],
      problems: [problem],
    });
    const passed = description.operations.filter(({ verdict }) => verdict !== 'refuse').map(({ id }) => id);
    expect(new Set(passed)).toEqual(new Set(['SystemPing', 'SystemPingHead', 'SystemVersion']));
  });

  it('tells that nothing is refused when nothing is enforced', () => {
    const state = stateOf({ 'enhancedContainerIsolation.value': false, [`${mount}.commandList.commands`]: ['push'] });
    const description = describePolicy(state);
    expect(description.enforced).toBe(false);
    expect(new Set(description.operations.map(({ verdict }) => verdict))).toEqual(new Set(['pass']));
  });

  it('is plain data', () => {
    for (const state of [closed, list('allow', 'ps'), { ...list('deny'), problems: [problem], lastGoodFrom: 'then' }]) {
      const description = describePolicy(state);
      expect(JSON.parse(JSON.stringify(description))).toEqual(description);
    }
  });

  it.each([
    ['GET', '/v1.43/containers/json'],
    ['POST', '/containers/x/exec'],
    ['POST', '/v1.43/images/myimage/push?tag=latest'],
    ['POST', '/v1.40/build?version=2'],
    ['DELETE', '/volumes/data'],
    ['POST', '/networks/create'],
    ['GET', '/_ping'],
    ['GET', '/no/such/thing'],
  ])('what is printed is what blocks: %s %s', (method, path) => {
    const lists = [['push'], ['exec', 'image*'], ['container*'], ['volume*', 'build'], ['ps'], []];
    const states = [closed, ...lists.flatMap((commands) => [list('deny', ...commands), list('allow', ...commands)])];
    const target = parseRequestTarget(path);
    if (!target.ok) {
      throw new Error(target.problem);
    }
    const request = identifyOperation(method, target.target);
    for (const state of states) {
      const listener = { kind: 'standing-socket', path: '/run/x.sock' } as const;
      const decision = decide({ state, listener, operation: request, sentPath: path, facts: {} });
      for (const { verdict } of operation(state, request.id)) {
        expect(verdict === 'refuse').toBe(decision.kind === 'refuse');
      }
    }
  });
});

describe('renderPolicy', () => {
  const lines = (description: PolicyDescription) => renderPolicy(description).split('\n');

  it('prints a deny list with what it refuses', () => {
    const printed = lines(describePolicy({ ...list('deny', 'push'), warnings: [{ ...problem, text: 'Odd.' }] }));
    expect(printed).toContain('Warnings:');
    expect(printed).toContain('  /etc/x.json:3:4: Odd.');
    expect(printed).toContain(
      `  ${mount}.commandList.commands = ["push"]  (administrator's file, /etc/x.json, locked)`,
    );
    expect(printed).toContain('  enhancedContainerIsolation.value = true  (built-in, locked)');
    expect(printed).toContain('Images that may have a Docker socket: none');
    expect(printed).toContain('  POST /images/{name}/push  (deny "push")');
    expect(printed.join('\n')).toMatch(/Requests refused on filtered sockets \(\d+ of \d+; the others pass\):/);
    expect(printed.join('\n')).not.toContain('/containers/json');
  });

  it('prints an allow list with what it lets through', () => {
    const printed = lines(describePolicy(list('allow', 'run')));
    expect(printed.join('\n')).toMatch(
      /Requests that pass on filtered sockets \(\d+ of \d+; the others are refused\):/,
    );
    expect(printed).toContain('  POST /containers/create');
    expect(printed).toContain('  DELETE /containers/{name}  (containers created through the same socket)');
    expect(printed.join('\n')).not.toContain('/push');
  });

  it('prints images as listed and in full', () => {
    const state = stateOf({ [`${mount}.imageList.images`]: ['docker:cli', 'docker.io/x/y:*'] });
    expect(lines(describePolicy(state))).toEqual(
      expect.arrayContaining(['  docker:cli  = docker.io/library/docker:cli', '  docker.io/x/y:*']),
    );
  });

  it('says first when something is wrong', () => {
    expect(lines(describePolicy(closed)).slice(0, 4)).toEqual([
      'NO USABLE POLICY: no container may mount the Docker socket, and filtered sockets answer nothing but ping and version.',
      '',
      'Problems:',
      '  /etc/x.json:3:4: The file is not valid JSON: odd.',
    ]);
    const kept = { ...list('deny'), problems: [problem], lastGoodFrom: '2026-01-02T03:04:05.678Z' };
    expect(lines(describePolicy(kept))[1]).toBe(
      'A settings file cannot be used. The last good policy stays in force, stored 2026-01-02T03:04:05.678Z.',
    );
    const off = stateOf({ 'enhancedContainerIsolation.value': false });
    expect(lines(describePolicy(off))[0]).toBe(
      'NOT ENFORCED: every container may mount the Docker socket, and nothing is filtered.',
    );
    expect(lines(describePolicy(off))).toContain('Requests refused on filtered sockets: none');
  });
});
